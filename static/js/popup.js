// form[data-popup="name"], a[data-popup="name"]: opened in a pop-up of that name; where the browser opens none, in this
// window as without script. Behind a link's pop-up this window goes on to data-behind.
const LOOK = "popup,width=560,height=760";
const OUT = "onay-asked";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.popup) return;
  sessionStorage.setItem(OUT, "1");
  form.target = window.open("", form.dataset.popup, LOOK) ? form.dataset.popup : "";
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-popup]");
  if (!link || window.name === link.dataset.popup || event.ctrlKey || event.metaKey || event.shiftKey) return;
  sessionStorage.setItem(OUT, "1");
  if (!window.open(link.href, link.dataset.popup, LOOK)) return;
  event.preventDefault();
  location.assign(link.dataset.behind);
});

// The permission came in the pop-up that this window opened: on to the next step, else show what it changed. Other
// pages keep what is typed in them, and those that renew themselves (refresh.js) need no reload.
new BroadcastChannel("onay").addEventListener("message", ({ data }) => {
  if (data !== "store-connected" || !sessionStorage.getItem(OUT)) return;
  sessionStorage.removeItem(OUT);
  const waiting = document.querySelector("[data-awaits]");
  if (waiting) location.assign(waiting.dataset.awaits);
  else if (!document.querySelector("[data-refresh]")) location.reload();
});
