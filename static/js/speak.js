// [data-speak="#id"]: reads that element's text out, in Turkish. Where the browser cannot speak, it stays hidden.
const show = () => {
  if (!("speechSynthesis" in window)) return;
  for (const button of document.querySelectorAll("[data-speak][hidden]")) button.hidden = false;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-speak]");
  if (!button) return;
  const words = new SpeechSynthesisUtterance(document.querySelector(button.dataset.speak).textContent.trim());
  words.lang = "tr-TR";
  words.voice = speechSynthesis.getVoices().find((voice) => voice.lang.replace("_", "-").startsWith("tr")) ?? null;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
});
document.addEventListener("htmx:afterSwap", show);
window.addEventListener("pagehide", () => window.speechSynthesis?.cancel());
show();
