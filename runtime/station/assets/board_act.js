// What can be done with a thing of the board: a row an action. Each asks only what it must; what the engine refuses stands where it was
// asked; the opposite takes it back.
import * as api from "./api.js";
import { mark } from "./board_marks.js";
import { moment } from "./board_texts.js";
import { inTurn, platesThat } from "./board_things.js";
import { h, fill } from "./dom.js";
import { sheet } from "./sheet.js";
import { t } from "./texts.js";

const UNDO_MS = 20000;

// ---- sending ----

// Keeps the ids of what was sent until something else is: pressed again after an answer that was lost, it is done once only.
function sender() {
  let sent = "";
  let ids = [];
  return async (commands) => {
    const text = JSON.stringify(commands);
    if (text !== sent) ids = commands.map(api.newId);
    sent = text;
    const answers = [await api.post("/commands", commands.length === 1 ? { id: ids[0], ...commands[0] } : commands.map((one, i) => ({ id: ids[i], ...one })))].flat();
    const refused = answers.find((one) => !one.accepted);
    if (refused) throw new api.Problem(409, refused.refusal, 0);
  };
}

let fading = 0;

function offerUndo(app, text, back) {
  const place = document.getElementById("undo");
  const close = () => (place.hidden = true);
  clearTimeout(fading);
  fill(place, [h("span", {}, text), back && h("button", {
    id: "undo-button", onclick: async () => {
      close();
      try {
        await sender()(back);
        app.say(t("undone"));
      } catch (problem) {
        app.say(problem.message || t("unsent"));
      }
      app.refresh(true);
    },
  }, t("undo"))]);
  place.hidden = false;
  fading = setTimeout(close, UNDO_MS);
}

// Done, with what takes it back; returns what was wrong, "" for nothing.
async function perform(app, send, { commands, back, text }) {
  try {
    await send(commands);
  } catch (problem) {
    if (problem.status === 401) app.signedOut();
    return problem.status === 0 ? t("unsent") : problem.message;
  }
  offerUndo(app, text, back);
  app.refresh(true);
  return "";
}

// ---- commands ----

const work = (thing, command, more) => ({ command, order: thing.names.order ?? "", line: thing.names.line ?? "", batch: thing.names.batch ?? "", ...more });
const hold = (thing, reason) => work(thing, "hold_work", { reason });
const free = (thing) => work(thing, "free_work", { reason: "" });
const rank = (thing, number) => work(thing, "rank_work", { rank: number });
const pin = (name, printer) => ({ command: "pin_batch", batch: name, printer });

// Of its kind, what the planner has still to do with, in its turn.
const rivals = (app, thing) => (thing.kind === "line" ? app.shown.columns.orders.map((one) => one.thing) : app.shown.batches.filter((one) => one.batch.state !== "closed"))
  .filter((one) => one !== thing).sort(inTurn);

// Before another: all that come before it get a rank too, as only ranks come before due dates.
export function rankBefore(app, thing, other) {
  const all = rivals(app, thing);
  const at = other ? all.indexOf(other) : 0;
  const ranked = [...all.slice(0, at), thing, ...all.slice(at).filter((one) => one.rank)];
  const changed = ranked.map((one, i) => [one, i + 1]).filter(([one, number]) => one.rank !== number);
  return { commands: changed.map(([one, number]) => rank(one, number)), back: changed.map(([one]) => rank(one, one.rank ?? 0)), text: t("did_rank", { name: thing.name }) };
}

// A name that no batch of the board has: B-7 and then B-8, as people count.
function freshName(app, like) {
  const [, head, tail] = /^(.*?)(\d*)$/.exec(like);
  const taken = new Set(app.shown.batches.map((one) => one.name));
  let number = Number(tail || 1);
  do number++;
  while (taken.has(head + (tail ? "" : "-") + number));
  return head + (tail ? "" : "-") + number;
}

const nextBatchName = (app) => freshName(app, app.shown.batches.map((one) => one.name).sort((a, b) => b.localeCompare(a, undefined, { numeric: true }))[0] ?? "B-0");

// A batch that is only planned is opened first, with the units that the plan has for it.
function opened(app, thing) {
  const name = nextBatchName(app);
  const { plan } = thing;
  return { name, commands: [{ command: "open_batch", batch: name, product: plan.product, purpose: "production" },
    ...plan.pieces.filter((one) => !one.is_there).map((one) => ({ command: "add_units", batch: name, sku: one.sku, count: one.count, order: one.order ?? "", line: one.line ?? "" }))] };
}

export function pinTo(app, thing, printer) {
  if (thing.kind !== "next")
    return { commands: [pin(thing.name, printer)], back: [pin(thing.name, thing.pinned ?? "")], text: printer ? t("did_pin", { name: thing.name, printer }) : t("did_unpin", { name: thing.name }) };
  const { name, commands } = opened(app, thing);
  return { commands: [...commands, pin(name, printer)], back: [pin(name, "")], text: t("did_pin", { name, printer }) };
}

// ---- forms ----

const field = (id, label, attributes) => [h("label", { for: id }, label), h("input", { id, name: id, autocomplete: "off", required: true, ...attributes })];

// A question over the page. `fields` are elements; `make` makes of what was typed what is to be done.
function ask(app, title, fields, button, make) {
  const send = sender();
  let wrong = "";
  let busy = false;
  sheet(title, (draw, close) => [
    h("form", {
      class: "form", onsubmit: async (event) => {
        event.preventDefault();
        if (busy) return;
        busy = true;
        wrong = await perform(app, send, make((name) => event.target.elements[name].value.trim()));
        busy = false;
        if (wrong) draw();
        else close();
      },
    }, fields(), h("p", { class: "wrong", role: "alert", id: "wrong" }, wrong && [h("b", {}, t("refused_now")), " ", h("span", { lang: "en" }, wrong)]),
      h("button", { class: "primary big", id: "do" }, button)),
  ]);
}

// One of several: touching it is the answer.
function choose(app, title, options, none, make) {
  const send = sender();
  let wrong = "";
  let busy = false;
  sheet(title, (draw, close) => [
    h("p", { class: "wrong", role: "alert", id: "wrong" }, wrong && [h("b", {}, t("refused_now")), " ", h("span", { lang: "en" }, wrong)]),
    options.length ? h("ul", { class: "options" }, options.map((one) => h("li", {}, h("button", {
      class: "option", onclick: async () => {
        if (busy) return;
        busy = true;
        wrong = await perform(app, send, make(one.value));
        busy = false;
        if (wrong) draw();
        else close();
      },
    }, h("b", {}, one.name), one.text && h("small", {}, one.text))))) : h("p", {}, none),
  ]);
}

export function askHold(app, thing) {
  ask(app, t("act_hold") + " " + thing.name, () => field("reason", t("ask_reason"), { maxlength: "200", autofocus: true }), t("do_hold"),
    (typed) => ({ commands: [hold(thing, typed("reason"))], back: [free(thing)], text: t("did_hold", { name: thing.name }) }));
}

export function askSplit(app, thing) {
  const { batch } = thing;
  const into = freshName(app, thing.name);
  ask(app, t("act_split") + " " + thing.name, () => [
    field("count", t("ask_count"), { type: "number", inputmode: "numeric", min: "1", max: String(batch.units - 1), value: String(Math.floor(batch.units / 2)), autofocus: true }),
    field("into", t("ask_into"), { value: into, maxlength: "100" }),
    h("p", {}, t("of_units", { n: batch.units })),
  ], t("do_split"), (typed) => ({
    commands: [{ command: "split_batch", batch: thing.name, into: typed("into"), count: Number(typed("count")) }], back: null, text: t("did_split", { name: thing.name }),
  }));
}

function askPrinter(app, thing) {
  choose(app, t("ask_printer"), app.shown.printers.map((one) => ({ value: one.name, name: one.name, text: t("p_" + one.is.kind) + (one.printer.loaded.length ? " · " + one.printer.loaded.map((slot) => slot.material).join(", ") : "") })),
    t("no_printers"), (printer) => pinTo(app, thing, printer));
}

function askBefore(app, thing) {
  choose(app, t("ask_before"), rivals(app, thing).map((one) => ({ value: one, name: one.name, text: one.line?.title ?? one.batch?.title })), t("none_orders"), (other) => rankBefore(app, thing, other));
}

const partsOf = (job) => job.parts.map((part) => part.count + " × " + part.part + " (" + part.batch + ")").join(", ");

// The same plate once more: a job of its own, for what the other has become is written down.
function again(app, jobs, job) {
  const taken = new Set(jobs.map((one) => one.job));
  let number = 2;
  while (taken.has(job.job + "-" + number)) number++;
  const name = job.job + "-" + number;
  const [first, ...rest] = groups(job);
  return {
    commands: [{ command: "queue_job", job: name, ...first, file: job.file ?? "" }, ...rest.map((one) => ({ command: "add_to_job", job: name, ...one }))],
    back: [{ command: "cancel_job", job: name, reason: t("undo") }], text: t("did_queue", { name }),
  };
}

// Parts of one batch, step and SKU are one command.
function groups(job) {
  const all = new Map();
  for (const part of job.parts) {
    const key = JSON.stringify([part.batch, part.step, part.sku]);
    const group = all.get(key) ?? { batch: part.batch, step: part.step, sku: part.sku, parts: [] };
    group.parts.push(part.part + "=" + part.count);
    all.set(key, group);
  }
  return [...all.values()].map((group) => ({ ...group, parts: group.parts.join(",") }));
}

async function askReprint(app, thing) {
  try {
    const jobs = await app.jobsOf(thing.name);
    choose(app, t("ask_job"), jobs.map((job) => ({ value: job, name: job.job, text: partsOf(job) + " · " + t("job_" + job.stage) })), t("no_plate_yet"), (job) => again(app, jobs, job));
  } catch (problem) {
    app.say(problem.message || t("no_answer"));
  }
}

const SPOOLS_SHOWN = 60; // those that came last

// Lots that are not on hold, into each of its slots.
async function askLot(app, thing) {
  const slots = thing.printer.loaded.length ? thing.printer.loaded : [{ slot: 1 }];
  const load = (slot, material, lot) => ({ command: "load_slot", printer: thing.name, slot, material, lot, grams: "" });
  try {
    const lots = (await app.all("/lots")).filter((one) => !one.held).reverse().slice(0, SPOOLS_SHOWN);
    choose(app, t("ask_lot"), lots.flatMap((one) => slots.map((slot) => ({ value: [slot, one], text: one.what, name: slots.length > 1 ? t("slot_lot", { lot: one.lot, slot: slot.slot }) : one.lot }))), t("lot_none"),
      ([slot, one]) => ({ commands: [load(slot.slot, one.what, one.lot)], back: slot.material ? [load(slot.slot, slot.material, slot.lot ?? "")] : null, text: t("did_load", { lot: one.lot, name: thing.name }) }));
  } catch (problem) {
    app.say(problem.message || t("no_answer"));
  }
}

// ---- what differs ----

const differenceRow = (one) => h("li", {}, h("b", { lang: "en" }, one.what), h("small", {}, t("was_is", { was: one.was, is: one.is })));

// What differs is shown to all; who has the role may accept it, unless a sample is to be approved anyway.
function showDifferences(app, thing, { product, lane, text, differences, approval }) {
  const may = has(app, "quality") && !approval;
  const shown = () => [
    h("p", {}, text), h("ul", { class: "differences" }, differences.map(differenceRow)),
    approval ? h("p", { class: "why strong" }, t("approval_first", { name: approval }), " ", h("a", { class: "button small", href: "/#//approvals" }, t("desk_approvals")))
      : h("p", {}, t(may ? "accept_means" : "quality_decides", { product })),
  ];
  if (!may) sheet(t("what_differs"), (draw, close) => [...shown(), h("button", { class: "big", onclick: close }, t("understood"))]);
  else ask(app, t("what_differs"), () => [...shown(), ...field("reason", t("ask_reason"), { maxlength: "200" })], t("do_accept"),
    (typed) => ({ commands: [{ command: "accept_lane", product, lane, reason: typed("reason") }], back: null, text: t("did_accept", { name: product }) }));
}

async function askDifferences(app, thing) {
  const { order, line: name, product, sku } = thing.line;
  try {
    const line = (await api.get("/orders/" + encodeURIComponent(order))).lines.find((one) => one.line === name);
    showDifferences(app, thing, { product, lane: line.lane, differences: line.differences, approval: line.wants_approval,
      text: t("would_differ", { sku, unit: line.proven ? line.proven.batch + "/" + line.proven.unit : "?", time: line.proven ? moment(new Date(line.proven.shipped).getTime()) : "" }) });
  } catch (problem) {
    app.say(problem.message || t("no_answer"));
  }
}

const DIGITS = 12; // of a digest, that people compare

function askOtherFile(app, thing) {
  const { job, other_file: file } = thing.job;
  showDifferences(app, thing, { product: file.product, lane: file.is, text: t("file_differs", { job, step: file.step }),
    differences: [{ what: t("gcode_of", { step: file.step }), was: file.was.slice(0, DIGITS) + " (" + file.was_job + ")", is: file.is.slice(0, DIGITS) + " (" + job + ")" }] });
}

const reasoned = (title, button, make) => (app, thing) =>
  ask(app, t(title) + " " + thing.name, () => field("reason", t("ask_reason"), { maxlength: "200", autofocus: true }), t(button), (typed) => make(thing, typed("reason")));

// ---- how a plate ends ----

// Of which of the plates, where there are several.
function askWhich(plates, then) {
  if (plates.length === 1) then(plates[0]);
  else sheet(t("ask_job"), (draw, close) => [h("ul", { class: "options" }, plates.map((plate) => h("li", {}, h("button", {
    class: "option", onclick: () => {
      close();
      then(plate);
    },
  }, h("b", {}, plate.name), h("small", {}, partsOf(plate.job))))))]);
}

const askCancel = reasoned("act_cancel_job", "do_it", (thing, reason) => ({ commands: [{ command: "cancel_job", job: thing.name, reason }], back: null, text: t("did_it") }));

// Nobody but a person knows: of a plate whose end was not seen, and of a printer without a wire.
const byHand = (thing) => thing.printer?.protocol === "manual";
const asksForEnd = (thing) => (thing.kind === "job" ? thing.job.stage === "asked" : byHand(thing) && thing.job?.by_hand && thing.job.stage === "printing");
const end = (thing, outcome, percent, reason) => ({ commands: [{ command: "end_attempt", job: thing.job.job, outcome, percent, reason }], back: null, text: t("did_it") });

// Of those that wait; what does not fit there is refused, and why is said.
function askBegin(app, thing) {
  const { printer, machine } = thing.printer;
  choose(app, t("ask_job"), app.jobs.filter((job) => job.stage === "waiting").map((job) => ({ value: job.job, name: job.job, text: partsOf(job) })), t("job_none"),
    (job) => ({ commands: [{ command: "begin_attempt", job, printer, machine, name: "", sha256: "", before: "" }], back: null, text: t("did_begin", { job, printer }) }));
}

const printerDoes = (command, back) => (app, thing) => ({ commands: [{ printer: thing.name, reason: "", ...command }], back: back && [{ printer: thing.name, reason: "", ...back }], text: t("did_it") });

// ---- the table ----

// `of`: kinds of things; `when`: whether it makes sense now; `may`: roles; `does` makes what is done at once, `asks` asks first.
const rows = [
  { name: "first", mark: "up", of: "line batch", may: "planner", when: (thing, app) => app.plans, does: (app, thing) => rankBefore(app, thing, null) },
  { name: "before", mark: "up", of: "line batch", may: "planner", when: (thing, app) => app.plans, asks: askBefore },
  { name: "unrank", mark: "minus", of: "line batch", may: "planner", when: (thing) => thing.rank,
    does: (app, thing) => ({ commands: [rank(thing, 0)], back: [rank(thing, thing.rank)], text: t("did_unrank", { name: thing.name }) }) },
  { name: "hold", mark: "pause", of: "line batch", may: "planner", when: (thing) => !thing.held, asks: askHold },
  { name: "free", mark: "play", of: "line batch", may: "planner", when: (thing) => thing.held,
    does: (app, thing) => ({ commands: [free(thing)], back: [hold(thing, thing.held)], text: t("did_free", { name: thing.name }) }) },
  { name: "pin", mark: "pin", of: "batch next", may: "planner", when: (thing, app) => app.shown.printers.length > 0, asks: askPrinter },
  { name: "unpin", mark: "minus", of: "batch", may: "planner", when: (thing) => thing.pinned, does: (app, thing) => pinTo(app, thing, "") },
  { name: "split", mark: "cut", of: "batch", may: "planner", when: (thing) => thing.batch.units > 1 && thing.batch.state !== "closed", asks: askSplit },
  { name: "start", mark: "play", of: "batch", may: "planner", when: (thing) => thing.batch.state === "filling" && !thing.held,
    does: (app, thing) => ({ commands: [{ command: "start_batch", batch: thing.name }], back: null, text: t("did_it") }) },
  { name: "reprint", mark: "again", of: "batch", may: "planner", when: (thing) => thing.batch.state === "running", asks: askReprint },
  { name: "requeue", mark: "again", of: "job", may: "operator,planner", when: (thing) => thing.job.stage === "aside",
    asks: reasoned("act_requeue", "do_it", (thing, reason) => ({ commands: [{ command: "requeue_job", job: thing.name, reason }], back: null, text: t("did_queue", { name: thing.name }) })) },
  { name: "cancel_job", mark: "cross", of: "job", may: "planner", when: (thing) => thing.job.stage === "aside", asks: askCancel },
  { name: "cancel_job", mark: "cross", of: "batch", may: "planner", when: (thing) => platesThat(thing, "waiting").length > 0, asks: (app, thing) => askWhich(platesThat(thing, "waiting"), (plate) => askCancel(app, plate)) },
  { name: "ended", mark: "tick", of: "job printer", may: "operator", when: asksForEnd, does: (app, thing) => end(thing, "finished", 100, "") },
  { name: "failed", mark: "cross", of: "job printer", may: "operator", when: asksForEnd, asks: reasoned("act_failed", "do_it", (thing, reason) => end(thing, "failed", 0, reason)) },
  { name: "not_started", mark: "minus", of: "job printer", may: "operator", when: asksForEnd, asks: reasoned("act_not_started", "do_it", (thing, reason) => end(thing, "not_started", 0, reason)) },
  { name: "differences", mark: "eye", of: "line", may: "planner,operator,quality", when: (thing) => thing.line.differs, asks: askDifferences },
  { name: "other_file", mark: "eye", of: "job", may: "planner,operator,quality", when: (thing) => thing.job.other_file, asks: askOtherFile },
  { name: "free_lot", mark: "play", of: "lot", may: "quality", when: () => true,
    asks: reasoned("act_free_lot", "do_free_lot", (thing, reason) => ({ commands: [{ command: "free_lot", lot: thing.name, reason }], back: [{ command: "hold_lot", lot: thing.name, reason: thing.lot.reason }], text: t("did_free_lot", { name: thing.name }) })) },
  { name: "empty", mark: "plate", of: "printer", may: "operator", when: (thing) => !thing.printer.plate_empty && !thing.printer.job, does: printerDoes({ command: "empty_plate", reason: undefined }) },
  { name: "begin", mark: "play", of: "printer", may: "operator", when: (thing, app) => byHand(thing) && !thing.printer.job && thing.printer.plate_empty && app.jobs.some((job) => job.stage === "waiting"), asks: askBegin },
  { name: "load", mark: "spool", of: "printer", may: "operator", when: () => true, asks: askLot },
  { name: "pause", mark: "pause", of: "printer", may: "operator,planner", when: (thing) => thing.is.works && !byHand(thing), does: printerDoes({ command: "order_printer", order: "pause" }, { command: "order_printer", order: "resume" }) },
  { name: "resume", mark: "play", of: "printer", may: "operator,planner", when: (thing) => thing.printer.state === "paused", does: printerDoes({ command: "order_printer", order: "resume" }, { command: "order_printer", order: "pause" }) },
  { name: "out", mark: "minus", of: "printer", may: "operator,planner", when: (thing) => !thing.printer.out_of_use,
    asks: reasoned("act_out", "do_out", (thing, reason) => ({ commands: [{ command: "take_out", printer: thing.name, reason }], back: [{ command: "put_back", printer: thing.name, reason: t("undo") }], text: t("did_it") })) },
  { name: "back", mark: "play", of: "printer", may: "operator,planner", when: (thing) => thing.printer.out_of_use,
    asks: reasoned("act_back", "do_it", (thing, reason) => ({ commands: [{ command: "put_back", printer: thing.name, reason }], back: null, text: t("did_it") })) },
];

const has = (app, may) => may.split(",").some((role) => app.roles.includes(role)) || app.roles.includes("admin");

export const actionsOf = (app, thing) => rows.filter((row) => row.of.split(" ").includes(thing.kind) && has(app, row.may) && row.when(thing, app));

// By dragging: those who plan, and what goes somewhere.
export const dragsHere = (app, thing) => has(app, "planner") && ["line", "batch", "next"].includes(thing.kind);

// What a thing is dropped on does; null where it is no place for it.
export function dropped(app, thing, place) {
  const [kind, ...rest] = place.split(":");
  const name = rest.join(":");
  if (kind === "printer" && thing.kind !== "line") return { does: () => pinTo(app, thing, name) };
  if (kind === "do" && name === "hold" && thing.kind !== "next") return thing.held ? { does: () => rows.find((row) => row.name === "free").does(app, thing) } : { asks: () => askHold(app, thing) };
  if (kind === "do" && name === "split" && thing.kind === "batch" && thing.batch.units > 1) return { asks: () => askSplit(app, thing) };
  const other = app.things.get(place);
  return other && other !== thing && other.kind === thing.kind && thing.kind !== "next" ? { does: () => rankBefore(app, thing, other) } : null;
}

// Without a question: a refusal is shown over the page.
export async function doNow(app, done) {
  const wrong = await perform(app, sender(), done);
  if (wrong) sheet(t("refused_now"), (draw, close) => [h("p", { class: "wrong", role: "alert", id: "wrong", lang: "en" }, wrong), h("button", { class: "big", onclick: close }, t("understood"))]);
}

export function menu(app, thing) {
  const send = sender();
  let wrong = "";
  let busy = false;
  sheet(thing.kind === "next" ? t("planned_batch") : thing.kind === "job" ? t("job_of", { job: thing.name, batch: thing.batch.name }) : thing.name, (draw, close) => [
    thing.kind === "batch" && h("a", { class: "button option", href: "#/" + encodeURIComponent(thing.name), onclick: close }, mark("book"), h("b", {}, t("act_story"))),
    h("p", { class: "wrong", role: "alert", id: "wrong" }, wrong && [h("b", {}, t("refused_now")), " ", h("span", { lang: "en" }, wrong)]),
    h("ul", { class: "options" }, actionsOf(app, thing).map((row) => h("li", {}, h("button", {
      class: "option", id: "act-" + row.name, onclick: async () => {
        if (busy) return;
        if (row.asks) {
          close();
          row.asks(app, thing);
          return;
        }
        busy = true;
        wrong = await perform(app, send, row.does(app, thing));
        busy = false;
        if (wrong) draw();
        else close();
      },
    }, mark(row.mark), h("b", {}, t("act_" + row.name)))))),
  ]);
}
