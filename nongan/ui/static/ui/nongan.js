// Small conveniences; every page works without them.
(() => {
  "use strict";
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // “/” goes to the search box, Ctrl+Enter saves.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing) {
      const box = document.querySelector("[data-hotkey='/']");
      if (box) { event.preventDefault(); box.focus(); }
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const save = form && form.querySelector("[data-save]");
      if (save) { event.preventDefault(); save.click(); }
    }
  });

  // Escape closes what is open around the focus, the menu or a fold with a button, and returns to what opened it.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest(".side");
    const opener = menu && menu.querySelector("[data-bs-toggle=collapse][aria-expanded=true]");
    const fold = event.target.closest("details[open]:has(> summary.btn)");
    if (opener) { opener.click(); opener.focus(); } else if (fold) { fold.open = false; fold.querySelector("summary").focus(); }
  });

  // A line of the summary of errors leads into the field itself.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".alert a[href^='#field-']");
    const field = link && document.querySelector(`${link.hash} :is(input:not([type=hidden]), select, textarea)`);
    if (field) { event.preventDefault(); field.focus(); }
  });

  // A table that is wider than its place is moved with the arrow keys, also where nothing in it takes the focus.
  const scrolls = () => $$(".table-wrap, .gantt-wrap").forEach((box) => {
    if (box.scrollWidth > box.clientWidth && !box.querySelector("a, button, input, select, textarea, summary, [tabindex]")) box.tabIndex = 0;
  });
  addEventListener("resize", scrolls);

  // Nothing typed is lost: a form keeps its draft in this tab until it is saved or discarded, also over a login in
  // between. A draft belongs to its writer and ends with the logout. It carries the version that its writer saw, so
  // that a record changed by others meanwhile is told by the server and not overwritten.
  const key = (form) => `draft:${document.body.dataset.user}:${location.pathname}:${form.id}`;
  const kept_out = (field) => !field.name || field.name === "csrfmiddlewaretoken" || ["password", "file", "submit"].includes(field.type) || (field.type === "hidden" && field.name !== "version");
  const values = (form) => {
    const kept = {};
    for (const field of form.elements) {
      if (kept_out(field)) continue;
      const value = ["checkbox", "radio"].includes(field.type) ? (field.checked ? field.value : null) : field.value;
      if (field.type === "radio" && value === null) continue;
      (kept[field.name] ||= []).push(value);
    }
    return kept;
  };
  const restore = (form, kept) => {
    const seen = {};
    for (const field of form.elements) {
      const list = kept[field.name];
      if (!list || kept_out(field)) continue;
      if (field.type === "radio") { field.checked = list[0] === field.value; continue; }
      const value = list[seen[field.name] = (seen[field.name] ?? -1) + 1];
      if (field.type === "checkbox") field.checked = value !== null; else if (value != null) field.value = value;
    }
  };
  const drafts = (root) => $$("form[data-draft]", root).forEach((form) => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(key(form))); } catch { /* a damaged draft is no draft */ }
    const answered = form.querySelector(".alert-danger");
    if (kept && !answered && JSON.stringify(kept) !== JSON.stringify(values(form))) {
      restore(form, kept);
      const note = document.createElement("div");
      note.className = "alert alert-info";
      note.setAttribute("role", "status");
      note.textContent = document.documentElement.lang.startsWith("zh") ? "已恢复您上次未提交的内容。" : "What you typed before was restored.";
      form.prepend(note);
    }
    form.addEventListener("input", () => { try { sessionStorage.setItem(key(form), JSON.stringify(values(form))); } catch { /* full */ } });
    form.addEventListener("submit", () => sessionStorage.setItem("sent", key(form)));
    $$("[data-discard]", form).forEach((link) => link.addEventListener("click", () => sessionStorage.removeItem(key(form))));
  });
  $$("form[data-logout]").forEach((form) => form.addEventListener("submit", () => sessionStorage.clear()));
  // A draft is dropped once the server has moved on from the form that was sent.
  const sent = sessionStorage.getItem("sent");
  const back = (form) => key(form) === sent;
  if (sent && !$$("form[data-draft]").some(back) && !document.querySelector(".login")) { sessionStorage.removeItem(sent); sessionStorage.removeItem("sent"); }

  // A query row remembers its last values for this browser.
  const remember = (root) => $$("form[data-remember]", root).forEach((form) => {
    const place = `query:${location.pathname}`;
    form.addEventListener("change", () => sessionStorage.setItem(place, new URLSearchParams(new FormData(form)).toString()));
    $$("[data-forget]", form).forEach((link) => link.addEventListener("click", () => sessionStorage.removeItem(place)));
    const old = sessionStorage.getItem(place);
    if (old && !location.search && new URLSearchParams(old).size && [...new URLSearchParams(old).values()].some(Boolean)) location.replace(`${location.pathname}?${old}`);
  });

  // One box ticks all boxes of its name; it is of no use without a script, so it comes hidden.
  const ticks = (root) => $$("[data-tick]", root).forEach((box) => { box.hidden = false; });
  document.addEventListener("change", (event) => {
    const name = event.target.dataset.tick;
    if (name) $$(`input[type=checkbox][name="${name}"]`).forEach((box) => { box.checked = event.target.checked; });
  });

  const ready = (root) => { scrolls(); drafts(root); remember(root); ticks(root); const first = root.querySelector("[data-focus]:not([data-still] *)"); if (first) first.focus(); };
  ready(document);
  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) ready(event.detail.elt); });
  $$("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));
  $$("select[data-go]").forEach((select) => select.addEventListener("change", () => select.form.requestSubmit()));
})();
