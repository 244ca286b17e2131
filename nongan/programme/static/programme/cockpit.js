// The map of imported boundaries; without them, or without JavaScript, the table beside it says the same.
(() => {
  "use strict";
  const draw = (box) => {
    const source = document.getElementById(box.dataset.map);
    if (!source || !window.L || box.dataset.drawn) return;
    box.dataset.drawn = "1";
    const wall = document.body.classList.contains("wall");
    const features = JSON.parse(source.textContent).map((f) => ({ type: "Feature", geometry: f.geometry, properties: f }));
    const map = window.L.map(box, { zoomControl: !wall, attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.1, dragging: !wall, keyboard: !wall });
    const layer = window.L.geoJSON(features, {
      style: (f) => ({ className: `s-${f.properties.shade}${f.properties.selected ? " selected" : ""}` }),
      onEachFeature: (f, shape) => {
        const words = document.createElement("span"), value = document.createElement("b");
        words.append(f.properties.name, document.createElement("br"), value);
        value.textContent = f.properties.shown;
        shape.bindTooltip(words, { permanent: true, direction: "center" });
        if (!wall) shape.on("click", () => {
          const url = new URL(location.href);
          url.searchParams.set("division", f.properties.code);
          if (window.htmx) window.htmx.ajax("GET", url.href, { target: "#cockpit", select: "#cockpit", swap: "outerHTML show:none" }).then(() => history.pushState({}, "", url.href));
          else location.assign(url.href);
        });
      },
    }).addTo(map);
    map.fitBounds(layer.getBounds(), { padding: [8, 8] });
  };
  // A wall is not scrolled: a row that does not fit whole is left out rather than cut.
  const fit = () => document.querySelectorAll(".wall .targets .table-wrap, .wall .rank, .wall .chosen").forEach((box) => {
    const end = box.getBoundingClientRect().bottom;
    box.querySelectorAll("tbody tr, .few li").forEach((row) => { row.style.visibility = row.getBoundingClientRect().bottom > end ? "hidden" : ""; });
  });
  // The board is swapped as a whole, so its selects are heard from above.
  document.addEventListener("change", (event) => { if (event.target.matches("#cockpit select[data-narrow]")) event.target.form.requestSubmit(); });
  const all = () => { document.querySelectorAll("[data-map]").forEach(draw); fit(); };
  all();
  document.addEventListener("htmx:afterSettle", all);
})();
