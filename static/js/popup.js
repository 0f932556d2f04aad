// form[data-popup="name"]: sent into a pop-up of that name; where the browser opens none, in this window as without script.
let isOut = false;
const LOOK = "popup,width=560,height=760";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.popup) return;
  isOut = true;
  form.target = window.open("", form.dataset.popup, LOOK) ? form.dataset.popup : "";
});

// The permission came in the pop-up that this page opened: show what it changed. Other pages keep what is typed in
// them, and those that renew themselves (refresh.js) need no reload.
new BroadcastChannel("onay").addEventListener("message", ({ data }) => {
  if (data === "store-connected" && isOut && !document.querySelector("[data-refresh]")) location.reload();
});
