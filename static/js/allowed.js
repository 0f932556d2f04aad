// Back from the store. It said yes to all: tell the page behind, then close this window where it is a pop-up of ours.
// Else the pop-up stays to be read: it speaks of the page behind, and its button closes it.
const STAYS_FOR = 1500;

if (document.querySelector("[data-allowed]")) {
  new BroadcastChannel("onay").postMessage("store-connected");
  setTimeout(() => window.close(), STAYS_FOR);
} else if (sessionStorage.getItem("onay-popup")) {
  for (const words of document.querySelectorAll("[data-in-popup]")) words.textContent = words.dataset.inPopup;
  document.querySelector("[data-closes]").addEventListener("click", (event) => {
    event.preventDefault();
    window.close();
  });
}
