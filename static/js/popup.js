// form[data-popup="name"]: sent into a pop-up of that name; where the browser opens none, in this window as without script.
const LOOK = "popup,width=560,height=760";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.popup) return;
  form.target = window.open("", form.dataset.popup, LOOK) ? form.dataset.popup : "";
});

// The permission came in another window: show what it changed.
new BroadcastChannel("onay").addEventListener("message", ({ data }) => {
  if (data === "store-connected") location.reload();
});
