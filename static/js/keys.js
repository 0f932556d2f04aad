// "/" goes to the search box, "?" shows the keys; "g" and then an entry's [data-key] letter goes there.
const help = document.querySelector("[data-keys]");
let leading = false;

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]");

const act = (event) => {
  const search = document.querySelector("[data-search]");
  if (event.key === "?" && help) {
    help.showModal();
  } else if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (leading && /^[a-z]$/.test(event.key)) {
    document.querySelector(`[data-key="${event.key}"]`)?.click();
  }
  leading = event.key === "g" && !leading;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (!isTyping(event.target) && !help?.open) act(event);
});

for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false; // without script it could do nothing
  button.addEventListener("click", () => help.showModal());
}
help?.addEventListener("click", (event) => {
  if (event.target === help) help.close(); // beside the box
});
