// Follows the figures and draws them; without it the page shows them as they were when it came.

const main = document.querySelector("main");
const drawn = new Map(); // figure -> its uPlot
const HEIGHT = 180; // pixels

const clock = new Intl.DateTimeFormat(document.documentElement.lang, {
  timeZone: main.dataset.zone,
  ...(main.dataset.span === "month" ? { month: "2-digit", day: "2-digit" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
});

function at(seconds) {
  return seconds === null ? "–" : clock.format(seconds * 1000);
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  return ["--accent", "--danger", "--quiet", "--line"].map((name) => style.getPropertyValue(name).trim());
}

function chart(figure, names, data) {
  const [accent, danger, quiet, line] = colours();
  const labels = figure.dataset.names?.split("|") ?? [figure.querySelector("figcaption").textContent];
  const series = names.map((_, at) => ({ label: labels[at], stroke: [accent, danger][at], width: 2, points: { show: names.length > 1, size: 5 } }));
  const axis = { stroke: quiet, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
  const options = {
    width: figure.clientWidth - 26, height: HEIGHT,
    series: [{ label: main.dataset.time, value: (_, seconds) => at(seconds) }, ...series],
    axes: [{ ...axis, values: (_, splits) => splits.map(at) }, { ...axis, size: 56 }],
    scales: { y: { range: (_, __, top) => [0, top > 0 ? top * 1.1 : 1] } },
  };
  return new uPlot(options, data, figure);
}

function draw(charts) {
  for (const figure of document.querySelectorAll("[data-chart]")) {
    const names = figure.dataset.chart.split(" ");
    const data = [charts.at, ...names.map((name) => charts[name])];
    figure.hidden = false;
    if (drawn.has(figure)) drawn.get(figure).setData(data);
    else drawn.set(figure, chart(figure, names, data));
  }
}

function redraw() { // in other colours or another width
  for (const [figure, plot] of drawn) {
    const data = plot.data;
    plot.destroy();
    drawn.set(figure, chart(figure, figure.dataset.chart.split(" "), data));
  }
}

const events = new EventSource(main.dataset.events);
events.addEventListener("figures", (event) => {
  const news = JSON.parse(event.data);
  document.getElementById("numbers").innerHTML = news.numbers;
  document.getElementById("rows").innerHTML = news.rows;
  draw(news.charts);
});
events.addEventListener("gone", () => { events.close(); location.reload(); });
addEventListener("pagehide", () => events.close());
addEventListener("resize", redraw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
