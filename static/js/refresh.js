// Asks for every [data-refresh] again while the page is looked at. The server answers 304 where nothing changed, so a
// reader's focus, selection and open details are touched only when there is something new.
const SECONDS = 3;
const etags = new Map();
const MISSES_TOLD = 2;
let open = [];
let misses = 0;

const refresh = () => {
  if (document.hidden) return;
  for (const part of document.querySelectorAll("[data-refresh]")) {
    const selecting = !document.getSelection().isCollapsed && part.contains(document.getSelection().anchorNode);
    if (!selecting) htmx.trigger(part, "refresh");
  }
};

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const etag = etags.get(detail.path);
  if (etag && detail.elt.matches("[data-refresh]")) detail.headers["If-None-Match"] = etag;
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  open = [...document.querySelectorAll("details[open][id]")].map((details) => details.id);
  const to = detail.xhr.responseURL;
  const expected = [new URL(detail.pathInfo.requestPath, location.href).pathname, location.pathname];
  if (to && !expected.includes(new URL(to).pathname)) {
    detail.shouldSwap = false; // signed out meanwhile: the sign-in page is no fragment
    location.assign(to);
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const etag = detail.xhr.getResponseHeader("ETag");
  if (etag) etags.set(detail.pathInfo.finalRequestPath, etag);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
});

// Lost connection: said after two refreshes in a row that failed, taken back by the first that comes through.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-refresh]")) return;
  misses = detail.xhr.status >= 200 && detail.xhr.status < 400 ? 0 : misses + 1;
  document.getElementById("offline").hidden = misses < MISSES_TOLD;
});

document.addEventListener("visibilitychange", refresh);
setInterval(refresh, SECONDS * 1000);

// A store was connected in another window: show it at once.
new BroadcastChannel("onay").addEventListener("message", ({ data }) => {
  if (data === "store-connected") refresh();
});
