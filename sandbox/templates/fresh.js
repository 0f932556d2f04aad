// Keeps the parts marked data-fresh as the server has them now. What a person types stands outside of them.
const EVERY_MILLISECONDS = 1500;

async function latest() {
  try {
    const answer = await fetch(location.href);
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null; // the sandbox is down or starting: the next look will tell
  }
}

function renew(page) {
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const now = page.getElementById(part.id);
    if (!now || now.innerHTML === part.innerHTML) continue;
    part.innerHTML = now.innerHTML;
    if (part.dataset.fresh === "end") showEnd();
  }
}

// A control marked data-follows takes the server's value too while nobody has touched it, nor typed into the control
// that the mark names: the line to answer to stays that of the SMS being answered.
function follow(page) {
  for (const control of document.querySelectorAll("[data-follows]")) {
    const now = page.getElementById(control.id);
    if (!now || isTouched(control) || document.getElementById(control.dataset.follows)?.value) continue;
    if (control.tagName === "SELECT") control.innerHTML = now.innerHTML;
    else control.defaultValue = now.defaultValue;
  }
}

function isTouched(control) {
  const given = control.tagName === "SELECT" ? control.querySelector("[selected]")?.value : control.defaultValue;
  return control === document.activeElement || control.value !== given;
}

function showEnd() {
  window.scrollTo({ top: document.body.scrollHeight });
}

async function look() {
  if (!document.hidden) {
    const page = await latest();
    if (page) {
      renew(page);
      follow(page);
    }
  }
  setTimeout(look, EVERY_MILLISECONDS);
}

if (document.querySelector("[data-fresh=end]")) showEnd();
setTimeout(look, EVERY_MILLISECONDS);
