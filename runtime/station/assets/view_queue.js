// What waits at a station.
import { h, icon } from "./dom.js";
import { deskLinks } from "./desk.js";
import { dueBadge } from "./due.js";
import { clock, t, wanted } from "./texts.js";

function wants(task) {
  if (!task.waits.length) return h("span", { class: "ready" }, icon("tick"), t("ready"));
  return t("wants") + " " + wanted(task.waits);
}

function card(app, task) {
  const address = "#/" + encodeURIComponent(task.batch) + "/" + encodeURIComponent(task.step);
  return h("li", { id: "task-" + task.batch + "/" + task.step },
    h("a", { class: "task card", href: address },
      h("span", { class: "task-head" }, h("strong", {}, task.step_title), h("span", { class: "count" }, t("units", { n: task.standing }))),
      h("span", { class: "task-what" }, h("span", { class: "batch" }, task.batch), " · ", task.title,
        task.purpose === "sample" && h("span", { class: "badge" }, t("sample")), dueBadge(task.due),
        task.begun && h("span", { class: "badge begun" }, icon("clock"), t("running") + " " + clock(task.begun))),
      h("span", { class: "task-wants" }, wants(task))));
}

const inOrder = (a, b) => (a.due || "9").localeCompare(b.due || "9") || a.batch.localeCompare(b.batch, undefined, { numeric: true });

function stations(app) {
  const all = app.bench?.stations ?? [];
  const chosen = app.preferred("station") ?? "";
  return h("div", { class: "stations", role: "group", "aria-label": t("choose_station") },
    [...all, { station: "", title: t("all_stations"), standing: 0 }].map((one) =>
      h("button", { "aria-pressed": String(one.station === chosen), onclick: () => app.prefer("station", one.station) },
        one.title, one.standing ? h("span", { class: "number" }, String(one.standing)) : false)));
}

export function queueView(app) {
  const station = app.preferred("station") ?? "";
  const queue = (app.bench?.queue ?? []).filter((task) => !station || !task.station || task.station === station).sort(inOrder);
  return [
    h("h1", {}, t("queue")),
    app.bench && stations(app),
    h("form", { class: "find", onsubmit: (event) => app.found(event) }, icon("scan"), h("label", { for: "scan" }, t("scan_hint")),
      h("input", { id: "scan", name: "scan", autocomplete: "off", "data-scan": "" }),
      h("button", {}, t("open"))),
    !app.bench ? h("p", { class: "note" }, t(app.failed ? "no_answer" : "loading"))
      : queue.length ? h("ul", { class: "queue" }, queue.map((task) => card(app, task)))
      : h("p", { class: "note" }, t("nothing_waits")),
    deskLinks(app.bench),
  ];
}
