// Counts down in every <time data-left> until when something can be taken back; without a script the time itself stands.
// data-left="short" leaves room for little: the seconds alone.
const language = document.documentElement.lang;
const LEFT = { tr: (seconds) => `${seconds} sn içinde geri alınabilir`, en: (seconds) => `can be undone for ${seconds} s` };
const SHORT = { tr: "sn", en: "s" };
const OVER = { tr: "şimdi uygulanıyor", en: "taking effect now" };

const short = (seconds) => `${seconds} ${SHORT[language] ?? SHORT.en}`;

const count = () => {
  for (const time of document.querySelectorAll("time[data-left]")) {
    const seconds = Math.ceil((Date.parse(time.dateTime) - Date.now()) / 1000);
    const left = time.dataset.left === "short" ? short : (LEFT[language] ?? LEFT.en);
    const text = seconds > 0 ? left(seconds) : (OVER[language] ?? OVER.en);
    if (time.textContent !== text) time.textContent = text;
  }
};

document.addEventListener("htmx:afterSwap", count);
setInterval(count, 500);
count();
