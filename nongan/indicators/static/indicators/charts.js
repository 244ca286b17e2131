// Lines over months, drawn from the JSON beside them: {labels, values, unit, target, dark}. The numbers also stand in a table.
(() => {
  "use strict";
  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    const old = window.echarts.getInstanceByDom(box);
    if (old) old.dispose();
    const { labels, values, unit, target, dark } = JSON.parse(source.textContent);
    const ink = dark ? "#aebbb4" : "#56615b", grid = dark ? "#2c3a33" : "#e6eae8", green = dark ? "#5cc48d" : "#1f7a4d";
    const known = values.filter((v) => v !== null).concat(target === null || target === undefined ? [] : [target]);
    const low = Math.min(...known), high = Math.max(...known), raw = (high - low || Math.abs(high) * 0.1 || 1) / 4;
    const ten = 10 ** Math.floor(Math.log10(raw)), step = [1, 2, 2.5, 5, 10].map((n) => n * ten).find((n) => n >= raw);
    const tidy = (n) => Number(n.toPrecision(8));
    const from = Math.max(low >= 0 ? 0 : -Infinity, tidy(Math.floor(low / step) * step - (low === high ? step : 0)));
    const to = Math.min(unit === "%" && high <= 100 ? 100 : Infinity, tidy(Math.ceil(high / step) * step + (low === high ? step : 0)));
    const chart = window.echarts.init(box, null, { renderer: "svg" });
    const size = dark ? 14 : 12;
    chart.setOption({
      animation: false,
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: target === null || target === undefined ? 16 : 72, top: 16, bottom: 4, containLabel: true },
      tooltip: { trigger: "axis", valueFormatter: (v) => (v === null || v === undefined ? "—" : `${v}${unit}`) },
      xAxis: { type: "category", data: labels, boundaryGap: false, axisLabel: { color: ink, fontSize: size, hideOverlap: true }, axisLine: { lineStyle: { color: grid } }, axisTick: { show: false } },
      yAxis: { type: "value", min: from, max: to, interval: tidy(step), axisLabel: { color: ink, fontSize: size, formatter: `{value}${unit === "%" ? "%" : ""}` }, splitLine: { lineStyle: { color: grid } } },
      series: [{
        type: "line", data: values, symbolSize: 5, itemStyle: { color: green }, lineStyle: { color: green, width: 2 }, connectNulls: false,
        markLine: target === null || target === undefined ? undefined : { silent: true, symbol: "none", data: [{ yAxis: target }], lineStyle: { color: dark ? "#e8b04a" : "#8a5300", type: "dashed" }, label: { color: dark ? "#e8b04a" : "#8a5300", fontSize: size, formatter: `${document.documentElement.lang.startsWith("zh") ? "目标" : "Target"} ${target}${unit}` } },
      }],
    });
  };
  const all = () => document.querySelectorAll("[data-chart]").forEach(draw);
  all();
  document.addEventListener("htmx:afterSettle", all);
  window.addEventListener("resize", () => document.querySelectorAll("[data-chart]").forEach((box) => { const c = window.echarts && window.echarts.getInstanceByDom(box); if (c) c.resize(); }));
})();
