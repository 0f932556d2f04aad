// Counts down in every <time data-left> until when something can be taken back; without a script the time itself stands.
const language = document.documentElement.lang;
const LEFT = { tr: (seconds) => `${seconds} sn içinde geri alınabilir`, en: (seconds) => `can be undone for ${seconds} s` };
const OVER = { tr: "şimdi uygulanıyor", en: "taking effect now" };

const count = () => {
  for (const time of document.querySelectorAll("time[data-left]")) {
    const seconds = Math.ceil((Date.parse(time.dateTime) - Date.now()) / 1000);
    const text = seconds > 0 ? (LEFT[language] ?? LEFT.en)(seconds) : (OVER[language] ?? OVER.en);
    if (time.textContent !== text) time.textContent = text;
  }
};

document.addEventListener("htmx:afterSwap", count);
setInterval(count, 500);
count();
