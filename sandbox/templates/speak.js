// A button marked data-speak reads that element out; where the browser cannot speak, it stays hidden.
for (const button of document.querySelectorAll("[data-speak]")) {
  if (!("speechSynthesis" in window)) break;
  button.hidden = false;
  button.addEventListener("click", () => {
    const words = new SpeechSynthesisUtterance(document.getElementById(button.dataset.speak).textContent.trim());
    words.lang = "tr-TR";
    speechSynthesis.cancel();
    speechSynthesis.speak(words);
  });
}
