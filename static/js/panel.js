// [data-panel="#field"][data-copied="#text"]: copies that text and opens the panel of the store whose address stands in
// the field. Where the browser refuses to copy, the text is selected, and the next click opens the panel alone.
const SAID_FOR = 4000;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

const originOf = (typed) => {
  const text = typed.trim();
  try {
    const address = new URL(SCHEME.test(text) ? text : `https://${text}`);
    const isPlace = address.hostname.includes(".") || address.hostname === "localhost";
    return /^https?:$/.test(address.protocol) && isPlace ? address.origin : "";
  } catch {
    return "";
  }
};

const say = (button, words) => {
  const said = button.querySelector("[aria-live]");
  button.dataset.before ??= said.textContent;
  said.textContent = words;
  setTimeout(() => {
    said.textContent = button.dataset.before;
  }, SAID_FOR);
};

const copied = async (button) => {
  const source = document.querySelector(button.dataset.copied);
  try {
    await navigator.clipboard.writeText(source.textContent.trim());
    return true;
  } catch {
    document.getSelection().selectAllChildren(source);
    return false;
  }
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-panel]");
  if (!button) return;
  const field = document.querySelector(button.dataset.panel);
  const origin = originOf(field.value);
  if (!origin) {
    say(button, button.dataset.missing);
    field.focus();
    return;
  }
  if (!(await copied(button)) && !button.dataset.selected) {
    button.dataset.selected = "true";
    say(button, button.dataset.select);
    return;
  }
  say(button, window.open(`${origin}/panel`, "_blank") ? button.dataset.done : button.dataset.blocked);
});
