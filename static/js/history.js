// Draws the table of the last days as stacked columns, in the theme's colours; a switch shows the table itself.
const root = document.querySelector("[data-history]");
const canvas = root.querySelector("canvas");
const table = root.querySelector("table");
const button = root.querySelector("[data-history-switch]");
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const rows = [...table.tBodies[0].rows].reverse();
const heads = [...table.tHead.rows[0].querySelectorAll("[data-tone]")];
const sets = heads.map((head) => ({
  label: head.textContent,
  tone: head.dataset.tone,
  data: rows.map((row) => Number(row.cells[head.cellIndex].dataset.count ?? row.cells[head.cellIndex].textContent)),
  maxBarThickness: 28,
}));

const paint = ({ data, options }) => {
  for (const set of data.datasets) set.backgroundColor = colour(`area-${set.tone}`);
  const { x, y } = options.scales;
  x.ticks.color = y.ticks.color = colour("quiet");
  y.grid.color = y.border.color = x.border.color = colour("line");
};

const draw = () => {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  const asked = {
    type: "bar",
    data: { labels: rows.map((row) => row.cells[0].dataset.short), datasets: sets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        colors: { enabled: false },
        legend: { display: false },
        tooltip: { callbacks: { title: ([column]) => rows[column.dataIndex].cells[0].textContent } },
      },
      scales: {
        x: { stacked: true, grid: { display: false }, border: {}, ticks: { maxRotation: 0, autoSkipPadding: 16 } },
        y: { stacked: true, beginAtZero: true, grid: {}, border: {}, ticks: { precision: 0, maxTicksLimit: 6 } },
      },
    },
  };
  paint(asked);
  const chart = new Chart(canvas, asked);
  const repaint = () => {
    paint(chart);
    chart.update();
  };
  new MutationObserver(repaint).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
};

const show = (asTable) => {
  root.classList.toggle("shows-table", asTable);
  button.setAttribute("aria-pressed", String(asTable));
};

button.addEventListener("click", () => show(!root.classList.contains("shows-table")));
if (window.Chart) document.fonts.ready.then(draw);
else show(true);
