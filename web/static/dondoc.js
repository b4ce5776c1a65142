// Small comforts only: every page works without scripts.
"use strict";
document.addEventListener("submit", (event) => {
  const form = event.target;
  const words = form.dataset.confirm;
  if (words && !window.confirm(words)) {
    event.preventDefault();
    return;
  }
  // A second tap must not send twice; the button comes back if the browser returns to the page.
  for (const button of form.querySelectorAll("button[type=submit]")) {
    window.setTimeout(() => { button.disabled = true; }, 0);
  }
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[type=submit]:disabled")) {
    button.disabled = false;
  }
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) {
    event.target.form.requestSubmit();
  }
});
// Typing into a field chooses its line.
document.addEventListener("input", (event) => {
  const picks = event.target.dataset.picks;
  const name = `choice_${event.target.dataset.question}`;
  const radio = picks && event.target.form.querySelector(`input[name="${name}"][value="${picks}"]`);
  if (radio) {
    radio.checked = true;
  }
});
// A wide table opens at the period that is running, not at January.
for (const running of document.querySelectorAll("[data-now]")) {
  const box = running.closest("[tabindex]");
  if (box && box.scrollWidth > box.clientWidth) {
    box.scrollLeft = Math.max(0, running.offsetLeft - box.clientWidth / 2);
  }
}
