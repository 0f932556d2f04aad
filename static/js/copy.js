// [data-copy="#id"]: copies that element's text and says so; where the browser refuses, selects it for copying by hand.
const SAID_FOR = 2000;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const words = button.querySelector("[aria-live]");
  const before = (button.dataset.before ??= words.textContent);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    words.textContent = button.dataset.done;
  } catch {
    document.getSelection().selectAllChildren(source);
    words.textContent = button.dataset.select;
  }
  setTimeout(() => {
    words.textContent = before;
  }, SAID_FOR);
});
