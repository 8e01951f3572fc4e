// Before the first paint: the theme and the language chosen on this device.
(() => {
  try {
    const theme = localStorage.getItem("yagura.theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    const language = localStorage.getItem("yagura.language");
    if (language === "ja" || language === "en") document.documentElement.lang = language;
  } catch {
    // Storage is closed to this page: the system's theme stands.
  }
})();
