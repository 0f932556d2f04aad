// Keeps "3 dk" right while the page stands: every <time data-age>.
const language = document.documentElement.lang;
const UNITS = { minute: { tr: "dk", en: "min" }, hour: { tr: "sa", en: "h" }, day: { tr: "gün", en: "d" } };
const NOW = { tr: "şimdi", en: "now" };

const word = (unit) => UNITS[unit][language] ?? UNITS[unit].en;

const age = (since) => {
  const minutes = Math.max(Math.floor((Date.now() - since) / 60000), 0);
  if (minutes < 1) return NOW[language] ?? NOW.en;
  if (minutes < 60) return `${minutes} ${word("minute")}`;
  if (minutes < 1440) return `${Math.floor(minutes / 60)} ${word("hour")}`;
  return `${Math.floor(minutes / 1440)} ${word("day")}`;
};

setInterval(() => {
  for (const time of document.querySelectorAll("time[data-age]")) {
    const text = age(Date.parse(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}, 20000);
