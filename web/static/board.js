// Dragging a card to a column: the same move that its buttons make, for whoever has a mouse.
let held = null;
let last = null;
const said = (name, stage) => {
  const live = document.getElementById("board-said");
  const title = stage.querySelector("h2").childNodes[1].textContent.trim();
  const words = { reference: held.dataset.case.split(":")[0], stage: title };
  live.textContent = live.dataset[name].replace(/\{(\w+)\}/g, (_, word) => words[word]);
};
const columns = () => document.querySelectorAll(".column");
const moveTo = (stage) =>
  (held.dataset.moves ?? held.closest(".column").dataset.moves).split(" ").find((each) => each.split(":")[1] === stage.dataset.stage);

function ready() {
  for (const card of document.querySelectorAll(".card")) card.draggable = true;
}

document.addEventListener("dragstart", (event) => {
  held = event.target.closest?.(".card");
  if (!held) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", held.dataset.case);
  for (const stage of columns()) stage.classList.toggle("off", !moveTo(stage));
});

document.addEventListener("dragover", (event) => {
  const stage = held && event.target.closest?.(".column");
  for (const each of columns()) each.classList.toggle("over-here", each === stage && !!moveTo(each));
  if (stage && moveTo(stage)) event.preventDefault();
  else if (stage && stage !== last) said("off", stage);
  last = stage;
});

document.addEventListener("drop", (event) => {
  const stage = held && event.target.closest?.(".column");
  const move = stage && moveTo(stage);
  if (!move) return;
  event.preventDefault();
  said("moved", stage);
  const [reference, version] = held.dataset.case.split(":");
  const button = document.createElement("button");
  Object.assign(button, { name: "move", hidden: true });
  button.value = `${reference}:${move.split(":")[0]}:${version}`;
  held.append(button);
  held.closest("form").requestSubmit(button);
});

document.addEventListener("dragend", () => {
  for (const each of columns()) each.classList.remove("off", "over-here");
  held = null;
});

document.addEventListener("brug:swapped", ready);
ready();
