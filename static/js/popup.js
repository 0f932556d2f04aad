// form[data-popup="name"], a[data-popup="name"]: opened in a pop-up of that name; where the browser opens none, in this
// window as without script. Behind a link's pop-up this window goes on to data-behind.
const LOOK = "popup,width=560,height=760";
const OUT = "onay-asked";
const POPUP = "onay-popup";

// A window begins with a copy of what its opener has stored: so it knows later that it is a pop-up. Its name does not
// outlive the store's page, which stands alone (Cross-Origin-Opener-Policy).
const open = (address, name) => {
  sessionStorage.setItem(OUT, "1");
  sessionStorage.setItem(POPUP, "1");
  const opened = window.open(address, name, LOOK);
  sessionStorage.removeItem(POPUP);
  return opened;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.popup) return;
  form.target = open("", form.dataset.popup) ? form.dataset.popup : "";
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-popup]");
  if (!link || window.name === link.dataset.popup || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!open(link.href, link.dataset.popup)) return;
  event.preventDefault();
  location.assign(link.dataset.behind);
});

// The permission came in the pop-up that this window opened: on to the next step, else show what it changed. Other
// pages keep what is typed in them, and those that renew themselves (refresh.js) and not the banner alone need no reload.
new BroadcastChannel("onay").addEventListener("message", ({ data }) => {
  if (data !== "store-connected" || !sessionStorage.getItem(OUT)) return;
  sessionStorage.removeItem(OUT);
  const waiting = document.querySelector("[data-awaits]");
  if (waiting) location.assign(waiting.dataset.awaits);
  else if (!document.querySelector("[data-refresh]:not(#set-up)")) location.reload();
});
