// The answer pages work without this file. It keeps a second tap from sending twice while a slow network is at work.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[type=submit]");
  if (!button) return;
  setTimeout(() => {
    button.dataset.words = button.textContent;
    button.disabled = true;
    button.textContent = "Đang gửi, xin chờ…";
  });
});
// Coming back (the network was lost, say), the buttons work again and nothing that was typed is gone.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[data-words]")) {
    button.disabled = false;
    button.textContent = button.dataset.words;
  }
});
