// While somebody is being typed, whoever it may be is shown; without this, when the form is sent.
const fields = ["first_name", "last_name", "phone", "email", "birth_year", "postcode"];
let waiting, asked = "";

async function suggest(part) {
  const form = part.closest("form");
  const body = new URLSearchParams();
  for (const name of ["form", "key", "adds_case", ...fields]) {
    const field = form.elements.namedItem(name);
    if (field?.value) body.append(name, field.value);
  }
  const typed = fields.map((name) => body.get(name) || "").join("\n");
  if (typed === asked) return;
  asked = typed;
  const answer = await fetch(part.dataset.suggest, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || typed !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("doubles");
  const here = part.querySelector("#doubles");
  // a live region is read when what stands in it changes, not when it is replaced
  if (fresh && here) here.replaceChildren(...document.adoptNode(fresh).childNodes);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  const part = form?.querySelector("[data-suggest]");
  if (!part || !fields.includes(event.target.name)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => suggest(part), 250);
});
