// Runs before the first paint, as a classic script in <head>, so that a chosen theme never flashes.
(() => {
  try {
    const chosen = localStorage.getItem("tellwire.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's preference is then followed.
  }
})();
