// The document follows the row that is being corrected. Without this, the “看原文” button of a row does it.
(() => {
  "use strict";
  const source = document.querySelector(".source-text");
  if (!source || !matchMedia("(min-width: 1101px)").matches) return;
  let shown = null;
  document.querySelector(".reading").addEventListener("focusin", (event) => {
    const row = event.target.closest(".row-card");
    const link = row && row.querySelector(".tools a[href^='#s-']");
    const words = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!words || words === shown) return;
    if (shown) shown.classList.remove("here");
    shown = words;
    shown.classList.add("here");
    const place = words.getBoundingClientRect().top - source.getBoundingClientRect().top + source.scrollTop;
    source.scrollTo({ top: place - source.clientHeight / 3 });
  });
})();
