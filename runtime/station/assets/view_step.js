// A step of a batch: what to do, line by line, and what is entered.
import { h, icon } from "./dom.js";
import * as model from "./model.js";
import { meaning } from "./scan.js";
import { sheet } from "./sheet.js";
import { clock, t, wanted } from "./texts.js";
import { checkControl, badPanel, correction } from "./view_check.js";
import { dueBadge } from "./due.js";
import { gate } from "./view_gate.js";
import { printBatch } from "./view_print.js";

const readable = (name) => name.replaceAll("_", " ");
const titleOf = (step, what) => (step.lots.find((lot) => lot.what === what) ?? step.needs.find((need) => need.name === what))?.title ?? readable(what);

// ---- what to do ----

export function picture(address, text) {
  return h("img", { src: address, alt: text, loading: "lazy", onerror: (event) => (event.target.hidden = true) });
}

function facts(line) {
  const rows = [["tool", line.tools.join(", ")], ["uses", line.uses.join(", ")], ["torque", line.torque], ["time", line.time]];
  return rows.filter(([, text]) => text).map(([key, text]) => h("span", { class: "fact" }, h("b", {}, t(key)), " " + text));
}

function workLine(app, step, line, number) {
  const id = "line-" + number;
  return h("li", { class: app.isTicked(step, number) ? "line ticked" : "line" },
    line.cautions.map((text) => h("p", { class: "caution" }, icon("warn"), h("span", {}, h("b", {}, t("caution") + ": "), text))),
    h("label", { class: "tick", for: id },
      h("input", { type: "checkbox", id, checked: app.isTicked(step, number), onchange: (event) => app.tick(step, number, event.target.checked) }),
      h("span", { class: "line-text" }, h("span", { class: "number" }, String(number + 1)), h("span", {}, line.text))),
    h("p", { class: "facts" }, facts(line)),
    line.photos.map((address) => h("figure", {}, picture(address, line.text))));
}

function standards(work) {
  return work.standards.map((one) =>
    h("section", { class: "standard" }, h("h3", {}, one.title),
      one.accept && h("p", { class: "accept" }, icon("tick"), h("span", {}, h("b", {}, t("accept") + ": "), one.accept)),
      one.reject && h("p", { class: "reject" }, icon("cross"), h("span", {}, h("b", {}, t("reject") + ": "), one.reject)),
      h("div", { class: "pictures" }, one.photos.filter((photo) => photo.file).map((photo) => {
        const words = t(photo.quality === "good" ? "good_example" : "bad_example");
        return h("figure", { class: photo.quality }, picture(photo.file, one.title + ": " + words), h("figcaption", {}, words));
      }))));
}

function parts(step, work) {
  const drawn = work.parts.filter((part, i, all) => part.drawn && all.findIndex((other) => other.part === part.part) === i);
  if (!drawn.length) return false;
  return h("div", { class: "pictures" }, drawn.map((part) =>
    h("figure", { class: "part" },
      picture("/api/v1/batches/" + encodeURIComponent(step.batch) + "/parts/" + encodeURIComponent(part.part) + "?sku=" +
        encodeURIComponent(work.sku), part.title),
      h("figcaption", {}, part.title, part.material && h("small", {}, part.material)))));
}

function workSection(app, step, work) {
  if (!work) return false;
  if (!work.lines.length && !work.standards.length && !work.parts.some((part) => part.drawn) && !work.uses.length) return false;
  return h("section", { class: "work", "aria-labelledby": "work-title" },
    h("h2", { id: "work-title" }, t("work")),
    parts(step, work),
    h("ol", { class: "lines" }, work.lines.map((line, i) => workLine(app, step, line, i))),
    work.uses.length ? h("p", { class: "facts" }, h("span", { class: "fact" }, h("b", {}, t("uses")), " " + work.uses.join(", "))) : false,
    standards(work));
}

// ---- lots, values, counting ----

// It was another lot all along: what went on counts as made of both.
function correctLot(app, all, used, what) {
  correction([t("correct_scanned"), t("correct_typed")], (why, draw, close) => {
    const use = (lot) => {
      app.enter({ command: "use_lot", lot, reason: why() });
      close();
    };
    const find = (event) => {
      event.preventDefault();
      const { name } = meaning(event.target.elements.lot.value.trim());
      if (name) use(name); // one on hold, too: it is in them
    };
    return [h("p", { class: "ask" }, t("lot_right", { lot: used.lot })),
      h("div", { class: "choices" }, all.filter((lot) => lot !== used).map((lot) => h("button", { type: "button", onclick: () => use(lot.lot) }, icon("lot"), lot.lot)),
        h("form", { class: "inline", onsubmit: find }, h("label", { for: "right-" + what }, t("lot_scan")),
          h("input", { id: "right-" + what, name: "lot", "data-scan": "", "data-own": "", autocomplete: "off" })))];
  });
}

function lots(app, step) {
  const wanted = step.needs.filter((need) => need.need === "lot").map((need) => need.name);
  const things = [...new Set([...wanted, ...step.lots.map((lot) => lot.what)])];
  if (!things.length) return false;
  const use = (event, lot) => {
    event.currentTarget.closest("details")?.removeAttribute("open");
    app.enter({ command: "use_lot", lot });
  };
  return h("section", { class: "card", "aria-labelledby": "lots-title" }, h("h2", { id: "lots-title" }, t("lots")), things.map((what) => {
    const all = step.lots.filter((lot) => lot.what === what);
    const used = all.find((lot) => lot.used);
    const others = h("div", { class: "choices" },
      all.filter((lot) => !lot.used).map((lot) => h("button", { onclick: (event) => use(event, lot.lot) }, icon("lot"), lot.lot)),
      h("form", {
        class: "inline", onsubmit: (event) => {
          event.preventDefault();
          event.currentTarget.closest("details")?.removeAttribute("open");
          app.heard(event.target.elements.lot.value.trim());
          event.target.reset();
        },
      }, h("label", { for: "lot-" + what }, t("lot_scan")), h("input", { id: "lot-" + what, name: "lot", "data-scan": "", "data-own": "", autocomplete: "off" })));
    return h("div", { class: "need", id: "need-" + what },
      used
        ? h("p", { class: used.held ? "state held" : "state done" }, icon(used.held ? "warn" : "tick"),
            h("span", {}, titleOf(step, what) + ": ", h("b", {}, used.lot), " — " + t(used.held ? "lot_held" : "lot_used")),
            h("button", { class: "small", onclick: () => correctLot(app, all, used, what) }, t("correct")))
        : h("p", { class: "ask" }, t("lot_of", { name: titleOf(step, what) })),
      used ? h("details", { id: "more-" + what }, h("summary", {}, t("lot_change")), others)
        : [others, all.length ? false : h("p", { class: "note" }, t("lot_none"))]);
  }));
}

function recordForm(app, record, id, reason, saved) {
  const save = (event) => {
    event.preventDefault();
    const value = event.target.elements.value.value.trim();
    if (!value) return;
    app.enter({ command: "record_parameter", name: record.name, value: model.typed(value), ...(reason ? { reason: reason() } : {}) });
    saved?.();
  };
  return h("form", { class: "measure", onsubmit: save }, h("label", { for: id }, record.title),
    h("span", { class: "field" }, h("input", { id, name: "value", "data-next": "", "data-own": "", autocomplete: "off", required: true }),
      record.unit && h("span", { class: "unit" }, record.unit), h("button", { class: "primary" }, t("save"))));
}

function correctRecord(app, record) {
  correction([t("correct_typed"), t("correct_again")], (why, draw, close) => recordForm(app, record, "right-" + record.name, why, close));
}

function recordRow(app, step, record) {
  if (record.value === undefined) return recordForm(app, record, "record-" + record.name);
  return h("p", { class: "state done", id: "recorded-" + record.name }, icon("tick"),
    h("span", {}, record.title + ": ", h("b", {}, record.value), record.unit ? " " + record.unit : ""),
    h("button", { class: "small", onclick: () => correctRecord(app, record) }, t("correct")));
}

function records(app, step) {
  return step.records.length > 0 && h("section", { class: "card", "aria-labelledby": "records-title" },
    h("h2", { id: "records-title" }, t("records")), step.records.map((record) => recordRow(app, step, record)));
}

function counting(app, step, work) {
  const check = work?.checks.find((one) => one.form === "count");
  if (!check) return false;
  const say = (good) => app.enter({ command: "judge_check", unit: 0, check: check.name, good, ...(step.miscounted ? { reason: t("correct_again") } : {}) });
  if (step.counted) return h("p", { class: "state done card" }, icon("tick"), h("span", {}, t("counted") + ": ", h("b", {}, t("units", { n: step.standing }))));
  return h("section", { class: "card", "aria-labelledby": "count-title" }, h("h2", { id: "count-title" }, t("count")),
    h("p", { class: "large" }, h("b", {}, t("units", { n: step.standing })), " — " + check.text),
    h("div", { class: "choices" },
      h("button", { class: "primary", "data-next": "", onclick: () => say(1) }, icon("tick"), t("count_right")),
      h("button", { onclick: () => otherWay(app, step) }, icon("cross"), t("count_wrong"))));
}

// ---- units ----

function unitState(step, unit) {
  if (unit.bad.length) return "bad";
  return step.needs.some((need) => need.unit === unit.unit) ? "open" : unit.good.length ? "good" : "unseen";
}

function unitChips(app, step, current) {
  if (step.units.length < 2) return false;
  return h("div", { class: "chips", id: "chips", role: "group", "aria-label": t("checks") }, step.units.map((unit) => {
    const state = unitState(step, unit);
    return h("button", {
      class: "chip " + state, "aria-pressed": String(unit === current), onclick: () => app.chooseUnit(unit.unit),
      "aria-label": t("unit", { unit: unit.unit }) + (state === "good" || state === "bad" ? ", " + t("is_" + state) : ""),
    }, state === "good" ? icon("tick") : state === "bad" ? icon("cross") : false, String(unit.unit));
  }));
}

function asks(unit) {
  return unit?.asks.map((ask) => h("div", { class: "asked" }, h("span", {}, ask.name), h("strong", { dir: "auto" }, ask.value)));
}

function unitHead(step, unit) {
  return h("p", { class: "unit-head" }, h("b", {}, t("unit", { unit: unit.unit })), h("span", {}, unit.sku),
    h("span", {}, unit.order ? t("for_order", { order: unit.order }) + (unit.customer ? ", " + unit.customer : "") : t("for_stock")));
}

function inspection(app, step, work, unit) {
  const checks = work?.checks.filter((check) => check.form !== "count") ?? [];
  if (!checks.length || !unit) return false;
  const unseen = unitState(step, unit) === "unseen";
  return h("section", { class: "card inspection", "aria-labelledby": "checks-title" }, h("h2", { id: "checks-title" }, t("checks")),
    step.lot_accepted !== undefined && h("p", { class: "note" }, t(step.lot_accepted ? "lot_accepted" : "lot_rejected")),
    unitHead(step, unit), unseen && h("p", { class: "note" }, t("not_sampled")),
    checks.map((check) => checkControl(app, step, unit, check)),
    unit.bad.length > 0 && badPanel(app, step, unit, work));
}

// ---- starting and finishing ----

function startBar(app, step) {
  const machines = step.machines;
  const start = (machine) => app.enter({ command: "begin_step", machine });
  if (step.runs)
    return h("p", { class: "state begun" }, icon("clock"), t("running_since", { time: clock(step.begun) }),
      step.machine ? " " + t("on_machine", { machine: machines.find((one) => one.name === step.machine)?.title ?? step.machine }) : "");
  return h("div", { class: "choices start" }, machines.length
    ? machines.map((one) => h("button", { class: "primary big", onclick: () => start(one.name) }, icon("clock"), t("start_on", { machine: one.title })))
    : h("button", { class: "primary big", onclick: () => start("") }, icon("clock"), t("start")));
}

const place = (route) => route.title ?? t("place_" + route.to);

export function pass(app, step, units) {
  const commands = model.runs(units).map((run) => ({ command: "leave_step", ...run, outcome: model.goodOutcome(step).outcome }));
  app.untick(step);
  return app.enter(...commands);
}

function missing(step) {
  const held = model.heldLot(step);
  if (held) return h("p", { class: "missing" }, t("lot_is_held", { lot: held.lot }));
  if (!step.needs.length && step.sample_left > 0) return h("p", { class: "missing" }, t("sample_waits", { n: step.sample_left }));
  return step.needs.length > 0 && h("p", { class: "missing" }, t("missing") + " " + wanted(step.needs));
}

function stepper(app, most, count) {
  const add = (n) => { // to what was meant last, drawn or not
    app.count = Math.min(Math.max((app.count ?? most) + n, 1), most);
    app.draw();
  };
  return h("span", { class: "stepper" },
    h("button", { "aria-label": t("fewer"), onclick: () => add(-1) }, "−"),
    h("output", { "aria-label": t("how_many") }, String(count)),
    h("button", { "aria-label": t("more"), onclick: () => add(1) }, "+"));
}

function finishBar(app, step) {
  const others = model.otherOutcomes(step);
  const units = model.openNeeds(step).length ? [] : model.passable(step);
  const inspects = step.kind === "inspect";
  const mayStart = step.machines.length > 1 && !step.runs;
  const count = inspects ? units.length : Math.min(app.count ?? units.length, units.length);
  const words = inspects ? "pass_good" : count === units.length ? "done_all" : "done_count";
  return h("div", { class: "finish" },
    !units.length && missing(step),
    units.length > 0 && !mayStart && [
      !inspects && units.length > 1 && [h("button", { id: "one", onclick: () => pass(app, step, units.slice(0, 1)) }, t("done_one")), stepper(app, units.length, count)],
      h("button", { id: "pass", class: "primary big", "data-next": "", onclick: () => pass(app, step, units.slice(0, count)) }, icon("tick"),
        count === 1 && !inspects ? t("done_one") : t(words, { n: count }))],
    others.length > 0 && h("button", { onclick: () => otherWay(app, step) }, t("other_way")));
}

// Units leave by another outcome than the good one: how many, why, where to.
export function otherWay(app, step) {
  const current = model.currentUnit(step, app.unit);
  const numbers = step.units.map((unit) => unit.unit);
  const most = model.runs(numbers.filter((number) => number >= current.unit))[0].count;
  const defects = step.work.flatMap((work) => work.checks.flatMap((check) => check.defects))
    .filter((defect, i, all) => all.findIndex((other) => other.defect === defect.defect) === i);
  let count = 1;
  let why = "";
  sheet(t("other_way"), (draw, close) => {
    const set = (n) => {
      count = Math.min(Math.max(n, 1), most);
      draw();
    };
    const leave = (route) => {
      app.enter({ command: "leave_step", first: current.unit, count, outcome: route.outcome, reason: why.trim() });
      close();
    };
    return [
      most > 1 && h("p", { class: "ask" }, t("which_units", { unit: current.unit }), h("span", { class: "stepper" },
        h("button", { type: "button", "aria-label": t("fewer"), onclick: () => set(count - 1) }, "−"), h("output", {}, String(count)),
        h("button", { type: "button", "aria-label": t("more"), onclick: () => set(count + 1) }, "+"))),
      h("p", { class: "ask" }, t("why")),
      h("div", { class: "choices defects" }, defects.map((defect) =>
        h("button", { type: "button", class: "defect", "aria-pressed": String(why === defect.title), onclick: () => { why = defect.title; draw(); } },
          defect.photos.slice(0, 1).map((address) => picture(address, "")), h("b", {}, defect.title), defect.says && h("small", {}, defect.says)))),
      h("label", { for: "why", class: "label" }, t("why_text")),
      h("input", { id: "why", value: why, autocomplete: "off", oninput: (event) => { why = event.target.value; draw(); } }),
      h("div", { class: "choices" }, model.otherOutcomes(step).map((route) =>
        h("button", { type: "button", class: "big outcome " + route.outcome, disabled: !why.trim(), onclick: () => leave(route) },
          t("outcome_" + route.outcome), h("small", {}, t("goes_to", { place: place(route) }), route.at_most ? ", " + t("at_most", { n: route.at_most }) : "")))),
    ];
  });
}

// ---- all of it ----

const eventWords = {
  units_left: (event) => t("ev_units_left", { by: event.by, n: event.count, outcome: t("outcome_" + event.outcome) }),
  unit_measured: (event) => t("ev_unit_measured", { ...event, dimension: readable(event.dimension) }),
  check_judged: (event) => t(event.unit ? "ev_check_judged" : "ev_counted", { ...event, check: readable(event.check) + (event.good ? " ✓" : " ✗") }),
  step_begun: (event) => t("ev_step_begun", event),
  lot_used: (event) => t("ev_lot_used", event),
  parameter_recorded: (event) => t("ev_parameter_recorded", event),
};

function happened(app, step) {
  const events = app.happened.filter((event) => event.batch === step.batch && event.step === step.step && eventWords[event.event]).slice(-4).reverse();
  return events.length > 0 && h("section", { class: "happened", "aria-labelledby": "happened-title" },
    h("h2", { id: "happened-title" }, t("happened")),
    h("ul", {}, events.map((event) => h("li", {}, h("time", {}, clock(event.time)), " ", eventWords[event.event](event)))));
}

function head(app, step) {
  return h("div", { class: "step-head" },
    h("a", { class: "button plain", href: "#/", "aria-label": t("back") }, icon("back")),
    h("div", {}, h("h1", {}, step.step_title),
      h("p", {}, h("span", { class: "batch" }, step.batch), " · " + step.title + (step.revision ? " " + step.revision : ""), " · ",
        h("span", { class: "count" }, t("units", { n: step.standing })), " · " + t("step_of", step),
        step.purpose === "sample" && h("span", { class: "badge" }, t("sample")), dueBadge(step.due))),
    printBatch(step, model.runs(step.units.map((unit) => unit.unit))));
}

export function stepView(app) {
  const step = app.shownStep();
  if (!step) return [h("a", { class: "button plain", href: "#/" }, icon("back"), t("back")), h("p", { class: "note" }, app.problem ?? t(app.failed ? "no_answer" : "loading"))];
  if (!step.units.length)
    return [head(app, step), h("p", { class: "note large" }, icon("tick"), t("gone_all")), happened(app, step),
      h("a", { class: "button primary big", href: "#/" }, t("queue"))];
  const unit = model.currentUnit(step, app.unit);
  const work = model.workOf(step, unit);
  const instruction = workSection(app, step, work);
  const checks = inspection(app, step, work, unit);
  return [
    head(app, step),
    h("div", { class: instruction || checks ? "columns" : "columns one" }, instruction,
      h("div", { class: "entry" },
        startBar(app, step), asks(unit), step.kind === "gate" && gate(app, step), lots(app, step), records(app, step),
        counting(app, step, work), checks && unitChips(app, step, unit), instruction && checks, happened(app, step)), !instruction && checks),
    step.kind !== "gate" && finishBar(app, step),
  ];
}
