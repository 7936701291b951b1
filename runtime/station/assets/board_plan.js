// The plan as a picture: a row a printer, a bar a plate, in pixels of the place it has; and the same as a table, for keys and screen readers.
import { handle } from "./board_cards.js";
import { date as dayName, hour, moment, span } from "./board_texts.js";
import { h } from "./dom.js";
import { t } from "./texts.js";

const ROW = 38;
const ROWS_SHOWN = 12; // printers of the picture, until more are wanted
const HEAD = 30;
const HOUR_MS = 3600 * 1000;
const svgSpace = "http://www.w3.org/2000/svg";

function s(name, attributes, ...children) {
  const element = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) element.setAttribute(key, value);
  element.append(...children.flat(9).filter((child) => child !== false && child !== undefined));
  return element;
}

// The batches on a plate, as things of the board.
function thingsOn(app, plate) {
  return plate.pieces.map((piece) => {
    const plan = app.plan.batches.find((one) => one.index === piece.batch);
    return app.things.get(plan?.batch ? "batch:" + plan.batch : "next:" + piece.batch);
  }).filter((thing) => thing);
}

const nameOf = (thing) => (thing.kind === "next" ? t("planned_batch") : thing.name);
const labelOf = (app, plate) => [...new Set(thingsOn(app, plate).map(nameOf))].join(", ") || plate.of;

// Hours between two lines of the scale, so that they are not closer than 90 px.
function tick(width, length_ms) {
  return [1, 2, 3, 6, 12, 24, 48, 168].find((hours) => (width * hours * HOUR_MS) / length_ms >= 90) ?? 168;
}

function scale(x, begin, end, width, height) {
  const hours = tick(width, end - begin);
  const first = new Date(begin);
  first.setHours(Math.ceil(first.getHours() / hours) * hours, 0, 0, 0);
  const lines = [];
  for (let at = first.getTime(); at < end; at += hours * HOUR_MS) {
    if (at < begin) continue;
    const date = new Date(at);
    const text = date.getHours() ? hour(at) : dayName(at);
    lines.push(s("line", { class: date.getHours() ? "grid" : "grid day", x1: x(at), x2: x(at), y1: HEAD - 6, y2: height }), s("text", { class: "hour", x: x(at) + 3, y: 16 }, text));
  }
  return lines;
}

// So many letters as there is room for, at seven pixels each.
const fit = (text, width) => (text.length * 7.5 <= width ? text : width < 30 ? "" : text.slice(0, Math.max(1, Math.floor(width / 7.5) - 1)) + "…");

function bar(app, plate, x, y) {
  const [from, to, cleared] = [x(plate.begin_ms), x(plate.end_ms), x(plate.cleared_ms)];
  const [thing] = thingsOn(app, plate);
  const width = Math.max(3, to - from);
  const label = labelOf(app, plate);
  return s("g", { class: "plate", "data-thing": thing?.key, "data-drags": thing && app.drags(thing) ? "" : undefined },
    s("title", {}, label + " · " + plate.of + " · " + moment(plate.begin_ms) + " – " + moment(plate.end_ms)),
    cleared > to && s("rect", { class: "lies", x: to, y: y + 13, width: cleared - to, height: 12 }),
    s("rect", { class: "bar", x: from, y: y + 3.5, width, height: ROW - 7, rx: 6 }),
    s("text", { class: "label", x: from + 6, y: y + 17 }, fit(label, width - 10)), s("text", { class: "of", x: from + 6, y: y + 30 }, fit(plate.of, width - 10)));
}

// What a printer does now, as long as it says that it will.
function running(app, thing, x, y, now) {
  const { printer } = thing;
  if (!thing.is.works || printer.remaining_s === undefined) return false;
  const width = Math.max(3, x(now + printer.remaining_s * 1000) - x(now));
  return s("g", { class: "running" }, s("title", {}, (printer.job ?? printer.file ?? "") + " · " + t("remaining", { time: span(printer.remaining_s * 1000) })),
    s("rect", { class: "bar", x: x(now), y: y + 3.5, width, height: ROW - 7, rx: 6 }), s("text", { class: "label", x: x(now) + 6, y: y + 23 }, fit(printer.job ?? "", width - 10)));
}

function picture(app, rows, plates) {
  const names = Math.min(150, 24 + 8 * Math.max(...rows.map((row) => row.length)));
  const width = Math.max(640, (document.getElementById("main").clientWidth || 1000) - 2);
  const begin = app.plan.now_ms;
  const end = Math.max(begin + 4 * HOUR_MS, ...plates.map((plate) => plate.cleared_ms)) + HOUR_MS / 2;
  const height = HEAD + rows.length * ROW + 4;
  const x = (time) => Math.round(names + ((Math.max(time, begin) - begin) / (end - begin)) * (width - names - 8));
  return s("svg", { class: "gantt", width, height, viewBox: "0 0 " + width + " " + height, role: "img", "aria-label": t("plan_title") },
    rows.map((name, i) => [s("rect", { class: i % 2 ? "row" : "row odd", x: 0, y: HEAD + i * ROW, width, height: ROW, "data-drop": name && "printer:" + name }), s("text", { class: "printer", x: 8, y: HEAD + i * ROW + 24 }, fit(name, names - 10))]),
    scale(x, begin, end, width - names, height),
    rows.map((name, i) => app.things.has("printer:" + name) && running(app, app.things.get("printer:" + name), x, HEAD + i * ROW, begin)), plates.map((plate) => bar(app, plate, x, HEAD + rows.indexOf(plate.printer) * ROW)),
    s("line", { class: "now", x1: names, x2: names, y1: 4, y2: height }));
}

function table(app, plates) {
  const head = ["th_printer", "th_plate", "th_begins", "th_ends", "th_cleared", "th_action"];
  return h("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": t("plan_table") }, h("table", { class: "figures" }, h("thead", {}, h("tr", {}, head.map((key) => h("th", { scope: "col" }, t(key))))),
    h("tbody", {}, plates.map((plate) => {
      const [thing] = thingsOn(app, plate);
      return h("tr", {}, h("td", {}, plate.printer ?? "–"), h("td", {}, labelOf(app, plate), h("small", {}, plate.of)), h("td", {}, plate.printer ? moment(plate.begin_ms) : "–"),
        h("td", {}, plate.printer ? moment(plate.end_ms) : "–"), h("td", {}, plate.printer ? moment(plate.cleared_ms) : "–"), h("td", {}, thing && handle(app, thing, labelOf(app, plate))));
    }))));
}

export function planView(app) {
  const { plan } = app;
  const plates = (plan?.plates ?? []).slice().sort((a, b) => a.begin_ms - b.begin_ms);
  const placed = plates.filter((plate) => plate.printer);
  const rows = (plan?.printers ?? []).map((one) => one.printer).filter((name) => placed.some((plate) => plate.printer === name) || app.printers.length <= ROWS_SHOWN);
  const shown = app.opened.has("plan") ? rows : rows.slice(0, ROWS_SHOWN);
  return h("section", { class: "plan", "aria-labelledby": "title-plan" }, h("h2", { id: "title-plan" }, t("plan_title")),
    app.planProblem ? h("p", { class: "note off" }, t("plan_failed") + " ", h("span", { lang: "en" }, app.planProblem))
      : !plan ? h("p", { class: "none" }, t("plan_reading"))
      : !plates.length ? h("p", { class: "none" }, t("plan_none"))
      : [
        placed.length > 0 && rows.length > 0 && h("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": t("plan_title") }, picture(app, shown, placed.filter((plate) => shown.includes(plate.printer)))),
        shown.length < rows.length && h("button", { class: "small", id: "more-rows", onclick: () => app.open("plan") }, t("show_more", { n: rows.length - shown.length })),
        app.plans && h("p", { class: "none" }, t("plan_hint")),
        // Of many plates the table is most of the page: it is made when somebody wants it.
        h("details", { id: "plan-table" }, h("summary", { class: "small", onclick: () => app.open("plan-table") }, t("plan_table")), app.opened.has("plan-table") && table(app, plates)),
      ]);
}

