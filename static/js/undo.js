/* Counts the seconds in which an approval can be undone, and takes the button away when they are over. */
"use strict";

document.querySelectorAll("[data-undo]").forEach((form) => {
  const shown = form.querySelector("[data-left]");
  const end = performance.now() + 1000 * Number(form.dataset.undo);
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      form.remove();
    } else {
      shown.textContent = ` (${left} s)`;
    }
  };
  const timer = setInterval(tick, 250);
  tick();
});
