// Light or dark: the person's own choice, else the system's. Runs before the page is painted.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is closed to us; the system's choice stands
    }
  };
  const show = () => {
    document.documentElement.dataset.bsTheme = chosen() || (dark.matches ? "dark" : "light");
  };
  show();
  dark.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
    document.documentElement.dataset.bsTheme = next;
    try {
      localStorage.setItem("theme", next);
    } catch {
      // not remembered, and that is all
    }
  });
})();
