// What is ticked: "all of this page" ticks every row, the count stands beside it, and a renewed list keeps its ticks.
// What can be done about them is shown with the first tick, and goes with the last.
const boxes = () => [...document.querySelectorAll('input[type="checkbox"][form="many"]')];
let ticked = new Set();

const tell = () => {
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  for (const told of document.querySelectorAll("[data-tick-count]")) told.textContent = count ? `(${count})` : "";
  for (const box of document.querySelectorAll("[data-tick-all]")) {
    box.checked = count > 0 && count === all.length;
    box.indeterminate = count > 0 && count < all.length;
  }
  const tools = document.getElementById("many-tools");
  if (!tools) return;
  tools.toggleAttribute("data-ticked", count > 0);
  tools.open = count > 0;
};

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-tick-all]")) for (const box of boxes()) box.checked = target.checked;
  if (target.matches('[data-tick-all], [form="many"]')) tell();
});

window.addEventListener("pageshow", tell); // a browser that goes back keeps the ticks

document.addEventListener("htmx:beforeSwap", () => {
  ticked = new Set([...document.querySelectorAll("[data-refresh] input:checked[id]")].map((box) => box.id));
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of ticked) {
    const box = document.getElementById(id);
    if (box) box.checked = true;
  }
  tell();
});
