// [data-order="#form"]: rows dragged by their [data-handle], with mouse, pen or finger; let go, that form sends the order.
// The buttons beside each row do the same without a pointer, and without this script.
// Near the window's edges the page scrolls along.
const EDGE = 72;
const STEP = 8;
let drag = null;

const rows = (list) => [...list.children];

// The row that the pointer is over: the dragged one goes before or behind it, whichever way it came from.
const over = ({ list, row }, y) =>
  rows(list).find((other) => {
    const { top, bottom } = other.getBoundingClientRect();
    return other !== row && y >= top && y <= bottom;
  });

const put = (row, other, y) => {
  const { top, height } = other.getBoundingClientRect();
  const isAbove = y < top + height / 2;
  if (isAbove && other.previousElementSibling !== row) other.before(row);
  if (!isAbove && other.nextElementSibling !== row) other.after(row);
};

const follow = () => {
  if (!drag) return;
  if (drag.y < EDGE) window.scrollBy(0, -STEP);
  if (drag.y > window.innerHeight - EDGE) window.scrollBy(0, STEP);
  const other = over(drag, drag.y);
  if (other) put(drag.row, other, drag.y);
  requestAnimationFrame(follow);
};

const end = ({ keeps }) => {
  const { list, row, before } = drag;
  drag = null;
  row.classList.remove("dragged");
  if (!keeps) list.append(...before);
  else if (rows(list).some((each, place) => each !== before[place])) send(list, before);
};

// Where the order was not kept, the rows go back and the page says so.
const send = (list, before) => {
  const form = document.querySelector(list.dataset.order);
  const failed = document.getElementById("order-failed");
  failed.hidden = true;
  form.addEventListener(
    "htmx:afterRequest",
    ({ detail }) => {
      if (detail.successful) return;
      list.append(...before);
      failed.hidden = false;
    },
    { once: true },
  );
  form.requestSubmit();
};

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-handle]");
  if (!handle || event.button !== 0 || drag) return;
  event.preventDefault();
  const list = handle.closest("[data-order]");
  const row = rows(list).find((each) => each.contains(handle));
  drag = { list, row, before: rows(list), pointer: event.pointerId, y: event.clientY };
  handle.setPointerCapture(event.pointerId);
  row.classList.add("dragged");
  follow();
});

document.addEventListener("pointermove", (event) => {
  if (drag && event.pointerId === drag.pointer) drag.y = event.clientY;
});

document.addEventListener("pointerup", (event) => {
  if (!drag || event.pointerId !== drag.pointer) return;
  const other = over(drag, event.clientY);
  if (other) put(drag.row, other, event.clientY);
  end({ keeps: true });
});

document.addEventListener("pointercancel", (event) => {
  if (drag && event.pointerId === drag.pointer) end({ keeps: false });
});

document.addEventListener("keydown", (event) => {
  if (drag && event.key === "Escape") end({ keeps: false });
});

// What a reader does not see: that the order is kept.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.requestConfig?.verb !== "post" || detail.target.id !== "events") return;
  document.getElementById("events-said").textContent = document.getElementById("events").dataset.said;
});
