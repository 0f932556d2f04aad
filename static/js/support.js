// Lists of the admin on a phone: each value carries the name of its column, which support.css shows beside it.
for (const table of document.querySelectorAll("#result_list, .support-told table")) {
  const names = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  for (const row of table.tBodies[0]?.rows ?? []) {
    [...row.cells].forEach((cell, at) => (cell.dataset.label = names[at] ?? ""));
  }
}
