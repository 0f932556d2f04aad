// "/" goes to the search box; "g" and then an entry's [data-key] letter goes there.
let leading = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (leading && /^[a-z]$/.test(event.key)) {
    document.querySelector(`[data-key="${event.key}"]`)?.click();
  }
  leading = event.key === "g";
});
