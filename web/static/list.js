// Ticking many lines at once, and how many are ticked.
const boxes = () => [...document.querySelectorAll("[name=cases]")];

function count() {
  const told = document.querySelector(".ticked");
  if (!told) return;
  const number = boxes().filter((box) => box.checked).length;
  told.textContent = told.dataset.words.replace("{number}", number);
}

document.addEventListener("change", (event) => {
  if (event.target.id === "all-here") {
    for (const box of boxes()) box.checked = event.target.checked;
  }
  if (event.target.matches("#all-here, [name=cases]")) count();
});

function ready() {
  const all = document.getElementById("all-here");
  if (all) all.hidden = false;
}
document.addEventListener("brug:swapped", ready);
ready();
