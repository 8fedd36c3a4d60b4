// Forms and links that change a part of the page: the answer's middle takes the place of ours.
const main = () => document.getElementById("main");

async function swap(address, options) {
  main().setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await fetch(address, { ...options, headers: { Accept: "text/html" } });
  } catch {
    main().removeAttribute("aria-busy");
    return false;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!fresh || page.body.className !== document.body.className) return false;
  const focused = document.activeElement?.id;
  // the focus is put there below: the browser would only complain that something has it already
  const first = fresh.querySelector("[autofocus]");
  first?.removeAttribute("autofocus");
  document.querySelector("dialog[open]")?.close();
  main().replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  if (answer.ok) history.pushState(null, "", answer.url);
  settle(first, focused);
  return true;
}

function settle(first, focused) {
  const same = focused && document.getElementById(focused);
  (first || same || main()).focus({ preventScroll: !first });
  // what stands in a live region from the start is read by nobody: it is put in once more
  for (const region of main().querySelectorAll("[data-done] [role=status]")) {
    const said = [...region.childNodes];
    region.replaceChildren();
    setTimeout(() => region.append(...said), 60);
  }
  document.dispatchEvent(new Event("brug:swapped"));
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-swap]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const action = event.submitter?.getAttribute("formaction") || form.action;
  if (form.method === "get") {
    if (!(await swap(`${form.action}?${body}`, {}))) location.assign(`${form.action}?${body}`);
  } else if (!(await swap(action, { method: "POST", body }))) {
    form.removeAttribute("data-swap");
    form.requestSubmit(event.submitter);
  }
});

window.addEventListener("popstate", () => location.reload());
