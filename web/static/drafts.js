// What was typed is kept in this tab until it was sent: a lost page or session costs nothing.
const fields = "textarea, input[type=text], input[type=tel], input[type=email], select";
const mine = `draft ${document.body.dataset.who} `;
const nameOf = (form) => `${mine}${form.id || ""} ${new URL(form.action).pathname}`;
// what somebody else typed in this tab before is nobody's any more
for (const name of Object.keys(sessionStorage)) if (!name.startsWith(mine)) sessionStorage.removeItem(name);

function keep(form) {
  const typed = {};
  for (const field of form.querySelectorAll(fields)) {
    if (field.name && field.value && field.value !== field.defaultValue) typed[field.name] = field.value;
  }
  if (Object.keys(typed).length) sessionStorage.setItem(nameOf(form), JSON.stringify(typed));
  else sessionStorage.removeItem(nameOf(form));
}

function restore() {
  const sent = sessionStorage.getItem(`${mine}sent`);
  if (sent && document.querySelector("[data-done]")) sessionStorage.removeItem(sent);
  sessionStorage.removeItem(`${mine}sent`);
  for (const form of document.querySelectorAll("form[data-draft]")) {
    const typed = JSON.parse(sessionStorage.getItem(nameOf(form)) || "{}");
    for (const [name, value] of Object.entries(typed)) {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLElement && !field.value) field.value = value;
    }
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) keep(form);
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form) sessionStorage.setItem(`${mine}sent`, nameOf(form));
});
document.addEventListener("brug:swapped", restore);
restore();
