// The answer pages work without this file. It keeps a second tap from sending twice while a slow network is at work.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[type=submit]");
  if (!button || event.defaultPrevented) return;
  setTimeout(() => {
    button.disabled = true;
    button.textContent = "Đang gửi, xin chờ…";
  });
});
// A page shown again from the browser's memory must have its buttons back.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
