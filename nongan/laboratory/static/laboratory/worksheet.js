// The worksheet by keyboard: move by Enter and arrows, copy from above, paste a column downwards, count, keep what is
// not yet saved. A key costs the same on a sheet of 600 rows as on one of six: only the row that changed is looked at.
// Without this file the page is an ordinary form.
(() => {
  "use strict";
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  const rows = [...form.querySelectorAll("[data-row]")];
  const boxes = ["text", "unit", "lod", "loq", "method"];
  const inputs = new Map(rows.map((row) => [row, Object.fromEntries([...row.querySelectorAll("[data-box]")].map((input) => [input.dataset.box, input]))]));
  const order = new Map(rows.map((row, at) => [row, at]));
  const box = (row, name) => inputs.get(row)[name];
  const RESULT = /^(?:(?:[<＜]|小于|低于)?\s*[\d０-９]{1,9}(?:[.．][\d０-９]{1,9})?(?:\s*[^\d\s.,，].*)?|n\.?d\.?|未检出|未检测出|阴性?|阳性?|negative|positive|[(（][-+－＋][)）])$/i;
  const first = new Map(rows.map((row) => [row, boxes.map((name) => box(row, name).value)]));
  const now = (row) => boxes.map((name) => box(row, name).value);
  const unsaved = (row) => now(row).some((value, i) => value !== first.get(row)[i]);

  // What is typed and not saved stays in this browser, row by row, until the server holds something newer.
  const PLACE = "laboratory:worksheet";
  const kept = (() => { try { return JSON.parse(localStorage.getItem(PLACE)) || {}; } catch { return {}; } })();
  const keep = () => { try { localStorage.setItem(PLACE, JSON.stringify(kept)); } catch { /* full */ } };
  const answered = document.querySelector(".alert-danger, .alert-warning");
  let restored = 0;
  rows.forEach((row) => {
    const draft = kept[row.dataset.key];
    if (!draft) return;
    if (draft.seen !== row.dataset.seen || "closed" in row.dataset) { delete kept[row.dataset.key]; return; }
    if (!answered) { boxes.forEach((name, i) => { box(row, name).value = draft.values[i]; }); if (unsaved(row)) restored += 1; else delete kept[row.dataset.key]; }
  });
  keep();

  const show = (name, value) => { const place = form.querySelector(`[data-${name}]`); if (place) place.textContent = value; };
  const faulty = (row) => {
    const text = box(row, "text").value.trim();
    return (text && !RESULT.test(text)) || ("faulty" in row.dataset && !unsaved(row));
  };
  const totals = { filled: 0, faults: 0, open: 0 }, states = new Map();
  const look = (row) => {
    const was = states.get(row) || { filled: 0, faults: 0, open: 0 };
    const is = { filled: Number(box(row, "text").value.trim() !== ""), faults: Number(Boolean(faulty(row))), open: Number(unsaved(row)) };
    Object.keys(totals).forEach((name) => { totals[name] += is[name] - was[name]; });
    if (is.open !== was.open) row.classList.toggle("unsaved", Boolean(is.open));
    states.set(row, is);
  };
  const count = () => {
    show("filled", totals.filled); show("empty", rows.length - totals.filled); show("faults", totals.faults); show("unsaved", totals.open);
    form.querySelector("[data-unsaved-box]").hidden = !totals.open;
    form.querySelector("[data-faulty-box]").classList.toggle("text-bad", totals.faults > 0);
  };
  let waiting = 0, keeping = 0;
  const keepSoon = () => { clearTimeout(keeping); keeping = setTimeout(keep, 400); };
  addEventListener("pagehide", keep);
  const changed = (row) => {
    if (unsaved(row)) kept[row.dataset.key] = { seen: row.dataset.seen, values: now(row) }; else delete kept[row.dataset.key];
    const result = box(row, "text"), bad = result.value.trim() && !RESULT.test(result.value.trim());
    if (bad) result.setAttribute("aria-invalid", "true"); else if (unsaved(row)) result.removeAttribute("aria-invalid");
    look(row);
    keepSoon();
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(count);
  };
  form.addEventListener("input", (event) => { const row = event.target.closest("[data-row]"); if (row) changed(row); });

  const place = (input) => [order.get(input.closest("[data-row]")), input.dataset.box];
  const go = (at, name) => {
    const next = rows[at] && box(rows[at], name);
    if (next) { next.focus(); next.select(); next.scrollIntoView({ block: "nearest" }); }
  };
  form.addEventListener("keydown", (event) => {
    const input = event.target.closest("[data-box]");
    if (!input || event.isComposing || event.metaKey || event.altKey) return;
    if (event.ctrlKey && event.key.toLowerCase() === "d" && !event.shiftKey) {
      event.preventDefault();
      const [at, name] = place(input);
      if (at > 0 && !input.readOnly) { input.value = box(rows[at - 1], name).value; changed(rows[at]); }
      go(at + 1, name);
      return;
    }
    if (event.ctrlKey) return;
    const step = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey) ? 1 : event.key === "ArrowUp" || event.key === "Enter" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const [at, name] = place(input);
    go(at + step, name);
  });

  form.addEventListener("paste", (event) => {
    const input = event.target.closest("[data-box]");
    const text = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!input || !/[\n\t]/.test(text)) return;
    event.preventDefault();
    const [at, name] = place(input);
    const left = boxes.indexOf(name);
    text.split("\n").forEach((line, down) => {
      const row = rows[at + down];
      if (!row || "closed" in row.dataset) return;
      line.split("\t").forEach((value, right) => { if (boxes[left + right]) box(row, boxes[left + right]).value = value.trim(); });
      changed(row);
    });
  });

  form.querySelectorAll("[data-take]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const row = button.closest("[data-row]");
      boxes.forEach((name) => { box(row, name).value = button.dataset[name]; });
      row.classList.remove("is-warn");
      changed(row);
      box(row, "text").focus();
    });
  });

  if (restored) {
    const note = document.createElement("div");
    note.className = "alert alert-info";
    note.textContent = document.documentElement.lang.startsWith("zh") ? `已恢复 ${restored} 行上次未保存的内容。` : `${restored} rows that were not saved were restored.`;
    form.prepend(note);
  }
  rows.forEach(look);
  count();
  if (!answered && !location.hash) { const start = rows.find((row) => !box(row, "text").value); if (start) box(start, "text").focus({ preventScroll: true }); }
})();
