// The cards of the board, and what of a printer is shown.
import { mark } from "./board_marks.js";
import { moment, span } from "./board_texts.js";
import { worstFirst } from "./board_things.js";
import { h, icon } from "./dom.js";
import { complaint } from "./printers.js";
import { t, wanted } from "./texts.js";
import { dueBadge } from "./due.js";

const SHOWN = 6; // cards of a column, until more are wanted,
const WAITING_SHOWN = 12; // and of what waits for somebody
const FOLDED = 12; // more printers than these are folded by machine

const badge = (kind, ...text) => h("span", { class: "badge " + kind }, ...text);

// What a person decided about it stands before what the plan says.
function decided(thing) {
  return [
    thing.held && badge("held", mark("pause"), t("on_hold_by", { person: thing.by })),
    thing.rank ? badge("ranked", mark("up"), t("ranked", { n: thing.rank })) : false,
    thing.pinned && badge("pinned", mark("pin"), t("pinned", { printer: thing.pinned })),
  ];
}

const why = (text) => text && h("p", { class: "why" }, text);

// What can be done with it, each by a button of its own.
const buttons = (app, thing, names) => app.doing(thing).filter((row) => names.includes(row.name)).map((row) =>
  h("button", { class: "small", id: "do-" + row.name + "-" + thing.name, onclick: () => row.asks(app, thing) }, t("act_" + row.name)));

function lineCard(app, { thing, what, count }) {
  const { line, promised, late } = thing;
  if (what) return [h("p", { class: "what" }, line.title, h("small", {}, line.sku)), h("p", { class: "why strong" }, icon("warn"), t("differ_lines", { n: count })), buttons(app, thing, ["differences"])];
  return [
    h("p", { class: "what" }, h("b", {}, t("of_units", { n: line.unmade || line.owed })), " ", line.title, h("small", {}, line.sku, line.customer ? " · " + line.customer : "")),
    h("p", { class: "tags" }, decided(thing), line.differs && badge("held", icon("warn"), t("differs")), dueBadge(line.due)),
    thing.held ? why(thing.held) : line.differs ? false : why(thing.waits),
    promised ? h("p", { class: late ? "promise late" : "promise" }, late && icon("warn"), t(late ? "promised_late" : "promised", { time: moment(promised) })) : false,
  ];
}

const minutesOf = (seconds) => span(seconds * 1000);

function progress(percent, label) {
  return h("progress", { max: "100", value: percent, "aria-label": label }, percent + " %");
}

function jobRow(app, job) {
  const printer = app.things.get("printer:" + job.printer)?.printer;
  const runs = job.stage === "printing" && printer?.percent !== undefined;
  return h("li", { class: "job runs" }, h("span", {}, h("b", {}, job.printer ?? job.job), " ", !runs ? t("job_" + job.stage) : printer.remaining_s === undefined ? t("done_percent", { n: printer.percent }) : t("remaining", { time: minutesOf(printer.remaining_s) })),
    runs && progress(printer.percent, t("job_on", { job: job.job, printer: job.printer })));
}

const plateRow = (plate) => h("li", { class: "job" }, plate.printer ? t("plate_on", { printer: plate.printer, time: moment(plate.begin_ms) }) : t("job_waiting"));

function wantsOf(task) {
  return task.waits.length ? why(t("wants") + " " + wanted(task.waits)) : h("p", { class: "ready" }, icon("tick"), t("ready"));
}

function batchHead(thing, count) {
  const { batch } = thing;
  return [
    h("p", { class: "what" }, h("b", {}, t("of_units", { n: count })), " ", batch.title,
      batch.purpose === "sample" && badge("", t("sample")), batch.orders.length > 0 && h("small", {}, t("for_orders", { orders: batch.orders.join(", ") }))),
    h("p", { class: "tags" }, decided(thing), dueBadge(batch.due)),
  ];
}

// Those on printers each, those that wait as one; then where the plan has the rest.
function plates(app, thing) {
  const running = thing.jobs.filter((job) => ["sending", "starting", "printing"].includes(job.stage));
  const waiting = thing.jobs.filter((job) => job.stage === "waiting");
  return (running.length + waiting.length + thing.plates.length > 0) && h("ul", { class: "jobs" }, running.map((job) => jobRow(app, job)),
    waiting.length > 0 && h("li", { class: "job" }, waiting.length === 1 ? waiting[0].job + ": " : t("plates", { n: waiting.length }) + ": ", t("job_waiting")),
    thing.plates.slice(0, 3).map(plateRow), thing.plates.length > 3 && h("li", { class: "job" }, t("more_plates", { n: thing.plates.length - 3 })));
}

function plateCard(app, { thing }) {
  const { job } = thing;
  return [
    h("p", { class: "what" }, h("b", {}, t("job_on", { job: job.job, printer: job.printer ?? "?" }))), h("p", { class: "why" }, t("job_" + job.stage), job.reason && ": " + job.reason),
    job.other_file && buttons(app, thing, ["other_file"]),
  ];
}

function batchCard(app, { thing, task, what }) {
  if (what === "quarantine") return [h("p", { class: "what" }, icon("warn"), " ", t("in_quarantine", { n: thing.batch.quarantine })), h("p", {}, thing.batch.title)];
  if (what === "pack") return batchHead(thing, thing.batch.to_pack);
  if (what === "filling") return [...batchHead(thing, thing.batch.units), h("p", { class: "why" }, thing.held || thing.waits || t("filling"))];
  const makes = task.kind === "print" || task.kind === "cut";
  const signs = task.waits.filter((wait) => wait.need === "signature");
  return [
    h("p", { class: "step-name" }, task.step_title, task.begun && badge("begun", icon("clock"), t("running") + " " + moment(new Date(task.begun).getTime()))),
    ...batchHead(thing, task.standing),
    thing.held && why(thing.held),
    makes && why(thing.waits),
    signs.length ? h("p", { class: "why strong" }, icon("person"), t("wants_signature", { name: signs[0].title })) : makes ? plates(app, thing) : wantsOf(task),
  ];
}

function nextCard({ thing }) {
  const { plan } = thing;
  return [
    h("p", { class: "what" }, h("b", {}, t("of_units", { n: plan.units })), " ", plan.product, h("small", {}, plan.group)),
    plan.state === "waits" ? why(plan.waits) : h("p", { class: "ready" }, t("opens_now")),
    plan.state === "waits" && plan.opens_ms && h("p", { class: "promise" }, t("opens_at", { time: moment(plan.opens_ms) })),
    thing.plates.length > 0 && h("ul", { class: "jobs" }, thing.plates.slice(0, 3).map(plateRow)),
  ];
}

// ---- printers ----

const slot = (one) => (one.left_mg === undefined ? t("loaded", { material: one.material }) : t("loaded_left", { material: one.material, n: Math.round(one.left_mg / 1000) }));

export function printerWord(is) {
  return h("span", { class: "state " + (is.bad ? "bad" : is.warn ? "warn" : is.works ? "works" : "") }, mark(is.mark), h("b", {}, t("p_" + is.kind)));
}

// The state, what it has in hand, and what it complains of.
export function printerBody(app, thing) {
  const { printer, is } = thing;
  const works = is.works && printer.percent !== undefined;
  const of = thing.job?.parts.map((part) => part.batch).filter((name, i, all) => all.indexOf(name) === i).join(", ");
  return [
    h("p", { class: "state-line" }, printerWord(is), (is.problem || is.kind === "out") && h("small", {}, t("since", { time: span(app.clock() - is.since) }))),
    h("p", { class: "why" }, complaint(printer, is)),
    printer.job ? h("p", { class: "in-hand" }, printer.job, of && " · " + of) : printer.plate ? h("p", { class: "in-hand" }, printer.plate) : false,
    works && [h("p", { class: "left" }, t("done_percent", { n: printer.percent }), printer.remaining_s !== undefined && ", " + t("remaining", { time: minutesOf(printer.remaining_s) })), progress(printer.percent, printer.printer)],
    h("p", { class: "slots" }, printer.loaded.length ? printer.loaded.map(slot).join(" · ") : t("nothing_loaded")),
  ];
}

const lotCard = (app, { thing }) => [h("p", { class: "what" }, h("b", {}, t("lot_on_hold")), h("small", {}, thing.lot.what)), why(thing.lot.reason), buttons(app, thing, ["free_lot"])];

// What is looked at only: parcels.
function loose(one) {
  return [h("p", { class: "what" }, h("b", {}, t("parcel_ready", { n: one.parcel.count }))), h("p", {}, one.parcel.order, one.parcel.customer ? " · " + one.parcel.customer : "")];
}

const bodies = {
  line: lineCard,
  batch: batchCard,
  job: plateCard,
  next: (app, one) => nextCard(one),
  printer: (app, one) => printerBody(app, one.thing),
  lot: lotCard,
};

const storyOf = (name) => "#/" + encodeURIComponent(name);

function title({ thing, parcel }) {
  if (!thing || thing.kind === "lot") return h("span", { class: "name" }, icon("lot"), " ", thing ? thing.name : t("parcel_open", { parcel: parcel.parcel }));
  const batch = thing.kind === "job" ? thing.batch : thing;
  if (batch.kind === "batch") return h("a", { class: "name", href: storyOf(batch.name) }, batch.name);
  return h("span", { class: "name" }, thing.kind === "next" ? t("planned_batch") : thing.name);
}

// The button that opens the menu, and by which a finger drags.
export function handle(app, thing, name) {
  return app.can(thing) && h("button", { class: "handle", type: "button", "aria-label": t("menu_of", { name: name ?? thing.name }), "aria-haspopup": "dialog", "data-handle": "", onclick: () => app.menu(thing) }, mark("more"));
}

function cardOf(app, one) {
  const { thing } = one;
  const kind = thing?.is ? (thing.is.bad ? "bad" : "warn") : thing?.held ? "is-held" : thing?.late ? "is-late" : "";
  return h("li", { id: "card-" + one.key, class: "piece " + kind, "data-thing": thing?.key ?? "", "data-drags": thing && app.drags(thing) ? "" : false },
    h("div", { class: "piece-head" }, title(one), thing && handle(app, thing)), thing ? bodies[thing.kind](app, one) : loose(one));
}

export function column(app, name, cards) {
  const all = app.opened.has(name);
  const shown = name === "waits" ? WAITING_SHOWN : SHOWN;
  const rest = cards.length - shown;
  return h("section", { class: "column", id: "column-" + name, "aria-labelledby": "title-" + name },
    h("h2", { id: "title-" + name }, t("col_" + name), " ", h("span", { class: "number" }, String(cards.length))),
    cards.length ? h("ul", { class: "pieces" }, (all ? cards : cards.slice(0, shown)).map((one) => cardOf(app, one))) : h("p", { class: "none" }, t("none_" + name)),
    rest > 0 && !all && h("button", { class: "small", onclick: () => app.open(name) }, t("show_more", { n: rest })),
    name === "orders" && app.board.lines_total > app.board.lines.length && h("p", { class: "none" }, t("more_lines", { n: app.board.lines_total - app.board.lines.length })));
}

const tiles = (app, printers) => h("ul", { class: "tiles" }, printers.map((thing) =>
  h("li", { id: "tile-" + thing.name, class: "piece tile " + (thing.is.bad ? "bad" : thing.is.warn ? "warn" : ""), "data-drop": thing.key },
    h("div", { class: "piece-head" }, h("span", { class: "name" }, thing.name), handle(app, thing)), printerBody(app, thing))));

// Those of a machine: how many are in which state, the worst first, and on a touch each of them.
function fold(app, machine, printers) {
  const kinds = new Map();
  for (const one of printers.slice().sort(worstFirst)) kinds.set(one.is.kind, [...(kinds.get(one.is.kind) ?? []), one]);
  return h("details", { class: "fold", id: "fold-" + machine }, h("summary", {}, h("b", {}, machine), h("span", { class: "number" }, String(printers.length)),
    [...kinds.values()].map((some) => h("span", { class: "kind" }, some.length + " × ", printerWord(some[0].is)))), tiles(app, printers));
}

// A few are all shown. Of many, those that want somebody stand in the first column; here all of them are folded by machine.
export function printersView(app, printers) {
  const machines = [...new Set(printers.map((one) => one.printer.machine))];
  return h("section", { class: "printers", "aria-labelledby": "title-printers" }, h("h2", { id: "title-printers" }, t("printers"), " ", h("span", { class: "number" }, String(printers.length))),
    !printers.length ? h("p", { class: "none" }, t("no_printers"))
      : printers.length <= FOLDED ? tiles(app, printers)
      : machines.map((machine) => fold(app, machine, printers.filter((one) => one.printer.machine === machine))));
}
