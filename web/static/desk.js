// Keys for whoever likes them, and parts of other pages shown in a dialog.
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const root = document.body.dataset.root;
let at = -1;

const lines = () => [...document.querySelectorAll("[data-line]")];

function step(by) {
  const all = lines();
  if (!all.length) return;
  const here = all.findIndex((line) => line.contains(document.activeElement));
  at = Math.max(0, Math.min(all.length - 1, (here < 0 ? at : here) + by));
  (all[at].querySelector("a, button, input") || all[at]).focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => document.activeElement.closest("[data-line]")?.querySelector("[type=checkbox]")?.click(),
  n: () => location.assign(`${root}/contacts/new`),
  "?": () => location.assign(`${root}/help`),
  "/": () => document.getElementById("q")?.focus(),
};

document.addEventListener("keydown", (event) => {
  if (!("keys" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches(typing) || document.querySelector("dialog[open]")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page?.getElementById("main");
  if (!answer?.ok || !part) return location.assign(link.href);
  const dialog = document.createElement("dialog");
  const close = document.createElement("button");
  close.className = "plain close";
  close.textContent = "✕";
  close.setAttribute("aria-label", document.documentElement.lang === "nl" ? "Sluiten" : "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(close, ...document.adoptNode(part).childNodes);
  dialog.setAttribute("aria-labelledby", (dialog.querySelector("h1").id ||= "dialog-title"));
  dialog.addEventListener("close", () => (dialog.remove(), link.focus()));
  document.body.append(dialog);
  dialog.showModal();
});
