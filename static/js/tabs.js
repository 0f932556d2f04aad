// The chosen tab stays in sight where the tabs are wider than the screen, also once a phone is turned.
const show = () => {
  for (const tab of document.querySelectorAll(".tab[aria-current]")) {
    const row = tab.parentElement;
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
};

document.addEventListener("htmx:afterSwap", show);
addEventListener("resize", show);
show();
