// Finds in the generator's index. Letters are folded one by one (ş as s, ı and İ as i), and a word matches by its
// beginning: "siparis" finds "Siparişleri". Places in the folded text are places in the text itself.
const form = document.querySelector("[data-index]");
const box = form.querySelector("input");
const list = form.querySelector("ul");
const status = form.querySelector("[data-count]");
const MOST = 8;
const AROUND = 60;
const SHORTEST = 4;
const LONGEST_ENDING = 7;

const fold = (text) =>
  [...text].map((letter) => {
    const plain = "ıİI".includes(letter) ? "i" : letter.toLowerCase().normalize("NFD")[0];
    return plain.length === letter.length ? plain : letter;
  }).join("");

let parts;
const read = () => {
  parts ??= fetch(form.dataset.index)
    .then((answer) => answer.json())
    .then(({ docs }) =>
      docs.map((part) => ({ ...part, foldedTitle: fold(part.title), folded: fold(part.text) })))
    .catch(() => {
      parts = undefined; // the next letter asks again
      return [];
    });
  return parts;
};

const at = (text, word) => {
  for (let place = text.indexOf(word); place >= 0; place = text.indexOf(word, place + 1)) {
    if (place === 0 || !/[\p{L}\p{N}]/u.test(text[place - 1])) return place;
  }
  return -1;
};

const weigh = (part, words) => {
  let weight = 0;
  for (const word of words) {
    const inTitle = at(part.foldedTitle, word) >= 0;
    if (!inTitle && at(part.folded, word) < 0) return 0;
    weight += inTitle ? 5 + part.foldedTitle.split(/[^\p{L}\p{N}]+/u).includes(word) : 1; // the very word first
  }
  return weight;
};

// Where nothing has the words as typed, without their endings: "siparişlerimi" means "sipariş".
const seek = (known, words) => {
  for (let cut = 0; cut <= LONGEST_ENDING; cut += 1) {
    const meant = words.map((word) => word.slice(0, Math.max(SHORTEST, word.length - cut)));
    const weighed = known.map((part) => [weigh(part, meant), part]).filter(([weight]) => weight);
    if (weighed.length) return [weighed.sort(([first], [second]) => second - first), meant];
  }
  return [[], words];
};

const around = (part, words) => {
  const place = Math.max(0, ...words.map((word) => at(part.folded, word)));
  const from = place > AROUND ? part.text.indexOf(" ", place - AROUND) + 1 : 0;
  const until = place + 2 * AROUND;
  const text = part.text.slice(from, until).replace(/\s+/g, " ");
  return `${from ? "…" : ""}${text}${until < part.text.length ? "…" : ""}`;
};

const line = (part, words) => {
  const link = document.createElement("a");
  link.href = form.dataset.base + part.location;
  const title = document.createElement("strong");
  title.textContent = part.title;
  const said = document.createElement("span");
  said.textContent = around(part, words);
  link.append(title, said);
  const item = document.createElement("li");
  item.append(link);
  return item;
};

const close = () => {
  list.hidden = true;
  status.textContent = "";
};

// Answers whether what is listed is what was typed; a later letter may have asked while the index was read.
const show = async () => {
  const typed = box.value;
  const words = fold(typed).split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
  if (!words.length) {
    close();
    return true;
  }
  const known = await read();
  if (typed !== box.value) return false;
  const [weighed, meant] = seek(known, words);
  const lines = weighed.slice(0, MOST).map(([, part]) => line(part, meant));
  status.textContent = lines.length ? `${lines.length} ${form.dataset.found}` : form.dataset.none;
  if (!lines.length) {
    const none = document.createElement("li");
    none.textContent = form.dataset.none;
    lines.push(none);
  }
  list.replaceChildren(...lines);
  list.hidden = false;
  return true;
};

form.hidden = false; // without script it could do nothing
box.addEventListener("input", show);
box.addEventListener("focus", read);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // The key may come before the index has.
  if (await show()) list.querySelector("a")?.click();
});

form.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const here = links.indexOf(document.activeElement);
  if (event.key === "Escape") {
    box.focus();
    close();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : links[Math.min(next, links.length - 1)])?.focus();
  }
});

form.addEventListener("focusout", (event) => {
  if (!form.contains(event.relatedTarget)) close();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
});

// The list of pages stands open where there is room beside the page.
const pages = document.querySelector("[data-pages]");
const wide = matchMedia("(min-width: 900px)");
const unfold = () => {
  pages.open = wide.matches;
};
unfold();
wide.addEventListener("change", unfold);
