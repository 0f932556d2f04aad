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

// The line to answer to follows the last SMS for as long as nothing has been typed.
function follow(page) {
  const line = document.querySelector("[data-follows]");
  const now = line && page.getElementById(line.id);
  const text = document.getElementById("text");
  if (!now || text.value || line.value !== line.defaultValue || line === document.activeElement) return;
  line.defaultValue = now.defaultValue;
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
