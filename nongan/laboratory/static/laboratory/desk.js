// The desks: choose all that is decided, count what is chosen. Without this file each box is ticked by itself.
(() => {
  "use strict";
  const form = document.querySelector("[data-desk]");
  if (!form) return;
  const all = form.querySelector("[data-all]"), note = form.querySelector("[data-picked]");
  const picks = [...form.querySelectorAll("input[name=pick]")], decided = picks.filter((pick) => !("undecided" in pick.dataset));
  const count = () => {
    const n = picks.filter((pick) => pick.checked).length;
    note.hidden = false;
    note.querySelector("b").textContent = n;
    all.checked = n > 0 && decided.every((pick) => pick.checked);
    all.indeterminate = n > 0 && !all.checked;
  };
  all.hidden = false;
  all.addEventListener("change", () => { (all.checked ? decided : picks).forEach((pick) => { pick.checked = all.checked; }); count(); });
  form.addEventListener("change", count);
  // Enter in the box for the reason must not press the first button of the form.
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.name === "reason" && !event.ctrlKey) event.preventDefault(); });
  count();
})();
