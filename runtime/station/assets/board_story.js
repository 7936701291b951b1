// A batch's whole story, from its record: what was ordered, who did what when with which lots, how long each step took, where it went.
import * as api from "./api.js";
import { date, hour, moment, span } from "./board_texts.js";
import { h, icon } from "./dom.js";
import { t } from "./texts.js";

const at = (said) => new Date(said.time).getTime();
const lasts = (from, to) => (from && to ? span(at(to) - at(from)) : "–");
const ranges = (units) => units.map((one) => (one.count === 1 ? String(one.first) : one.first + "–" + (one.first + one.count - 1))).join(", ");
const outcome = (word) => (["pass", "approve", "rework", "reject", "failure", "refuse"].includes(word) ? t("outcome_" + word) : word);
const placeName = (word) => (["done", "scrap", "quarantine"].includes(word) ? t("place_" + word) : word);

// ---- what happened, in order ----

// Of many of the same within a step one line: who read what off is below.
function counted(step, wanted, key) {
  const results = step.checks.filter((check) => check.measured === wanted).flatMap((check) => check.results);
  const by = new Map();
  for (const one of results) by.set(one.by, [...(by.get(one.by) ?? []), one]);
  return [...by.values()].map((all) => ({ ...all[all.length - 1], text: t(key, { step: step.title, n: all.length }) }));
}

function ofStep(step) {
  return [
    ...step.begins.map((one) => ({ ...one, text: t("ev_begun", { step: step.title }), more: one.machine || one.station })),
    ...step.lots.map((one) => ({ ...one, text: t("ev_lot", { step: step.title, lot: one.lot, what: one.title }), more: one.reason })),
    ...step.parameters.map((one) => ({ ...one, text: t("ev_parameter", { step: step.title, name: one.title || one.name, value: one.value + (one.unit ? " " + one.unit : "") }) })),
    ...counted(step, true, "ev_readings"), ...counted(step, false, "ev_checks"),
    ...step.samples.filter((one) => one.event).map((one) => ({ ...one, bad: !one.accepted, text: t(one.accepted ? "ev_judged_good" : "ev_judged_bad", { step: step.title }) })),
    ...step.left.map((one) => ({ ...one, bad: one.way === "scrap" || one.way === "held", warn: one.way === "again", text: t("ev_left", { step: step.title, n: one.count, outcome: outcome(one.outcome) }), more: one.reason })),
  ];
}

const titleOf = (record, name) => record.steps.find((step) => step.name === name)?.title ?? name;

function events(record, jobs) {
  const one = (mark, text, more) => (mark ? [{ ...mark, text, more }] : []);
  return [
    ...one(record.adopted, t("ev_adopted", { revision: record.revision })),
    ...record.approvals.map((sign) => ({ ...sign, text: t("ev_approved", { name: sign.name }), more: sign.meaning })),
    ...record.acceptances.map((one) => ({ ...one, warn: true, text: t("ev_accepted", { reason: one.reason }), more: one.differences })),
    ...one(record.opened, t("ev_opened")), ...one(record.started, t("ev_started", { n: record.unit_count })),
    ...record.steps.flatMap(ofStep),
    ...record.signatures.filter((sign) => sign.step).map((sign) => ({ ...sign, text: t("ev_signed", { step: titleOf(record, sign.step), meaning: sign.meaning }) })),
    ...record.held.flatMap((unit) => [{ ...unit, bad: true, text: t("ev_quarantined", { unit: unit.unit, reason: unit.reason }) },
      ...one(unit.disposed, t("ev_decided", { unit: unit.unit, to: titleOf(record, unit.to) }), unit.why)]),
    ...record.issues.flatMap((issue) => one(issue.opened, t("ev_issue", { issue: issue.issue, what: issue.what }), issue.action)),
    ...record.corrections.flatMap((said) => one(said.corrected, t("ev_corrected", { step: titleOf(record, said.step), what: said.what, old: said.before, new: said.after, reason: said.reason }))),
    ...jobs.flatMap((job) => [
      { time: job.queued, by: "", text: t("ev_queued", { job: job.job }) },
      ...(job.stage === "done" ? [{ time: job.changed, by: "", text: t("ev_plate_done", { job: job.job, printer: job.printer ?? "" }) }] : [])]),
    ...record.parcels.flatMap((parcel) => [
      ...one(parcel.packed, t("ev_packed", { parcel: parcel.parcel, n: parcel.units.reduce((sum, some) => sum + some.count, 0) })),
      ...one(parcel.shipped, t("ev_shipped", { parcel: parcel.parcel, carrier: parcel.carrier || "–" }), parcel.tracking)]),
    ...one(record.closed, t("ev_closed")), ...one(record.cancelled, t("ev_cancelled", { reason: record.cancelled_reason })),
  ].filter((one) => one.time).sort((a, b) => at(a) - at(b) || (a.event ?? 0) - (b.event ?? 0));
}

// A day is said once, where it begins; how long nothing happened stands beside the hour.
function line(one, before) {
  const pause = before ? at(one) - at(before) : 0;
  const begins = !before || date(at(one)) !== date(at(before));
  return h("li", { class: one.bad ? "happens bad" : one.warn ? "happens warn" : "happens" }, begins && h("p", { class: "story-day" }, date(at(one))),
    h("p", { class: "when" }, h("time", { datetime: one.time }, hour(at(one))), pause >= 60000 && h("small", {}, "+ " + span(pause))),
    h("p", { class: "deed" }, (one.bad || one.warn) && [icon("warn"), " "], h("b", {}, one.text), one.more ? " · " + one.more : "", one.by && h("small", {}, one.by)));
}

// ---- tables ----

function table(keys, rows) {
  return h("div", { class: "scrolls", tabindex: "0", role: "group", "aria-label": t(keys[0]) }, h("table", { class: "figures" },
    h("thead", {}, h("tr", {}, keys.map((key) => h("th", { scope: "col" }, t(key))))), h("tbody", {}, rows.map((cells) => h("tr", {}, cells.map((cell) => h("td", { class: cell.length > 24 ? "long" : false }, cell)))))));
}

const section = (key, ...content) => h("section", { class: "card", "aria-labelledby": key }, h("h2", { id: key }, t(key)), content);

function facts(record) {
  const rows = [
    ["st_product", record.title + " (" + record.number + ")"], ["st_revision", record.revision], ["st_state", t("s_" + record.state) + (record.purpose === "sample" ? " · " + t("sample") : "")],
    ["st_units", String(record.unit_count)], ["st_yield", record.yield.good_actual === null ? "–" : Math.round(1000 * record.yield.good_actual) / 10 + " %"], ["st_time", lasts(record.opened, record.last)],
  ];
  return section("st_facts", h("dl", {}, rows.map(([key, value]) => [h("dt", {}, t(key)), h("dd", {}, value)])));
}

const people = (record, step) => record.people.filter((one) => one.steps.includes(step.name)).map((one) => one.name).join(", ");

function way(record) {
  const gone = record.steps.filter((step) => step.first);
  return gone.length > 0 && section("st_way", table(["st_step", "st_first", "st_last", "st_lasts", "st_in", "st_out", "st_people"], gone.map((step) =>
    [step.title, moment(at(step.first), 0), moment(at(step.last), 0), lasts(step.first, step.last), String(step.yield.entered), String(step.yield.good), people(record, step)])));
}

// A value outside its limits says so by more than its color.
function value(one) {
  const text = (one.unit ? one.unit + ": " : "") + (one.value || t(one.good ? "is_good" : "is_bad")) + (one.defect ? " (" + one.defect + ")" : "");
  return one.good ? text : "[" + text + "]";
}

function readings(record) {
  const rows = record.steps.flatMap((step) => step.checks.filter((check) => check.results.length).map((check) =>
    [step.title + ": " + check.title, check.limits.map((limit) => limit.text).filter((text) => text).join(" / "), check.results.filter((one) => !one.replaced).map(value).join(", ")]));
  return rows.length > 0 && section("st_readings", table(["st_check", "st_limits", "st_values"], rows));
}

function lots(record) {
  const rows = record.steps.flatMap((step) => step.lots.map((one) => [one.lot, one.title, one.amount, step.title, ranges(one.units), one.by]));
  return rows.length > 0 && section("st_lots", table(["st_lot", "st_what", "st_amount", "st_step", "st_unitcol", "st_people"], rows));
}

const plates = (jobs) => jobs.length > 0 && section("st_plates", table(["st_plates", "st_printer", "st_stage", "st_tries", "st_what"], jobs.map((job) =>
  [job.job, job.printer ?? "–", t("job_" + job.stage) + (job.reason ? ": " + job.reason : ""), String(job.attempts), job.parts.map((part) => part.count + " × " + part.part).join(", ")])));

const where = (record) => section("st_where", table(["st_unitcol", "st_what", "st_orders", "st_place", "st_parcel"], record.units.map((one) =>
  [ranges([one]), one.sku, one.order ? one.order + "/" + one.line : t("st_stock"), record.steps.some((step) => step.name === one.place) ? titleOf(record, one.place) : placeName(one.place), one.parcel || "–"])));

const orders = (record) => record.orders.length > 0 && section("st_orders", table(["st_orders", "st_what", "st_units", "due_on"], record.orders.map((one) =>
  [one.order + "/" + one.line + (one.customer ? " · " + one.customer : ""), one.sku, one.here + " / " + one.ordered, one.due || "–"])));

// ---- the page ----

async function read(app, batch) {
  const story = { batch, record: null, jobs: [], wrong: "" };
  app.story = story;
  try {
    [story.record, story.jobs] = await Promise.all([api.get("/batches/" + encodeURIComponent(batch) + "/record"), app.jobsOf(batch)]);
  } catch (problem) {
    story.wrong = problem.status === 404 || problem.status === 409 ? t("story_none", { batch }) : problem.message || t("no_answer");
  }
  app.draw();
}

export function storyView(app, batch) {
  if (app.story?.batch !== batch || app.story.old) {
    const before = app.story?.batch === batch ? app.story : null; // it stays until the newer one is there
    read(app, batch);
    if (before) Object.assign(app.story, { record: before.record, jobs: before.jobs });
  }
  const { record, jobs, wrong } = app.story;
  const path = "/api/v1/batches/" + encodeURIComponent(batch) + "/record.pdf";
  return [
    h("div", { class: "story-head" }, h("a", { class: "button plain no-print", href: "#/", "aria-label": t("back_to_board") }, icon("back")), h("h1", {}, t("story_of", { batch })),
      h("button", { class: "small no-print", onclick: () => window.print() }, t("print_page")), record && h("a", { class: "button small no-print", href: path }, t("st_record"))),
    wrong ? h("p", { class: "note off" }, wrong) : !record ? h("p", { class: "note" }, t("story_reading"))
      : h("div", { class: "story-body" },
        h("section", { class: "card", "aria-labelledby": "st_line" }, h("h2", { id: "st_line" }, t("st_line")),
          h("ol", { class: "story-line" }, [...record.orders.map((one) => h("li", { class: "happens" }, h("p", { class: "when" }, "–"), h("p", { class: "deed" },
            h("b", {}, t("ev_ordered", { what: one.ordered + " × " + one.sku })), " · " + one.order, one.customer && h("small", {}, one.customer)))),
          ...events(record, jobs).map((one, i, all) => line(one, all[i - 1]))])),
        h("div", { class: "story-tables" }, facts(record), orders(record), way(record), lots(record), plates(jobs), readings(record), where(record),
          record.lacks.length > 0 && h("details", { class: "card" }, h("summary", { class: "small" }, t("st_lacks") + " (" + record.lacks.length + ")"), h("ul", { lang: "en" }, record.lacks.map((one) => h("li", {}, one.text)))))),
  ];
}
