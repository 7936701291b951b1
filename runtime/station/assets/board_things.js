// What the board shows: the server's answers put together into things that have a place, an order and what can be done with them.
import { condition } from "./printers.js";

const makes = new Set(["print", "cut"]); // kinds of steps at which machines work

const order = (one) => one.rank || Infinity;
const natural = (a, b) => a.localeCompare(b, undefined, { numeric: true });
// As the planner takes them: what has a rank, then what is due first.
export const inTurn = (a, b) => order(a) - order(b) || (a.due || "~").localeCompare(b.due || "~") || natural(a.name, b.name);

// Of printers: what is worst, then what has waited longest.
export const worstFirst = (a, b) => a.is.rank - b.is.rank || a.is.since - b.is.since || natural(a.name, b.name);

function lines(app) {
  const planned = new Map((app.plan?.lines ?? []).map((one) => [one.order + "\n" + one.line, one]));
  return app.board.lines.map((line) => {
    const plan = planned.get(line.order + "\n" + line.line);
    return {
      key: "line:" + line.order + "/" + line.line, kind: "line", name: line.order + "/" + line.line, due: line.due, line, plan,
      names: { order: line.order, line: line.line }, rank: line.rank, held: line.on_hold, by: line.on_hold_by, promised: plan?.promised_ms, late: plan?.is_late,
      waits: line.held ? line.reason : plan?.waits,
    };
  });
}

// Plates of the plan, by the index of the batch that they are of.
function platesOf(plan) {
  const all = new Map();
  for (const plate of plan?.plates ?? [])
    for (const batch of new Set(plate.pieces.map((piece) => piece.batch))) all.set(batch, [...(all.get(batch) ?? []), plate]);
  return all;
}

function batches(app) {
  const plates = platesOf(app.plan);
  const planned = new Map((app.plan?.batches ?? []).filter((one) => one.batch).map((one) => [one.batch, one]));
  return app.board.batches.map((batch) => {
    const plan = planned.get(batch.batch);
    return {
      key: "batch:" + batch.batch, kind: "batch", name: batch.batch, due: batch.due, batch, plan, names: { batch: batch.batch },
      rank: batch.rank, held: batch.on_hold, by: batch.on_hold_by, pinned: batch.pinned, waits: plan?.waits, plates: (plan && plates.get(plan.index)) ?? [],
      jobs: app.jobs.filter((job) => job.parts.some((part) => part.batch === batch.batch)),
    };
  });
}

const lots = (app) => app.board.held_lots.map((lot) => ({ key: "lot:" + lot.lot, kind: "lot", name: lot.lot, lot }));

// Of the lines that wait, for they would be made otherwise than what was shipped: one of each product, and how many there are.
function differing(lines) {
  const all = new Map();
  for (const one of lines) if (one.line.differs) all.set(one.line.product, [...(all.get(one.line.product) ?? []), one]);
  return [...all.values()].map((some) => card(some.sort(inTurn)[0], { what: "differs", count: some.length }));
}

// Batches that the plan would open, and that are not there yet.
function toCome(app) {
  const plates = platesOf(app.plan);
  return (app.plan?.batches ?? []).filter((one) => !one.batch).map((plan) => ({
    key: "next:" + plan.index, kind: "next", name: plan.group, due: "", plan, waits: plan.waits, plates: plates.get(plan.index) ?? [],
  }));
}

function printers(app) {
  return app.printers.map((printer) => ({
    key: "printer:" + printer.printer, kind: "printer", name: printer.printer, printer, is: condition(printer),
    job: app.jobs.find((job) => job.job === printer.job),
  }));
}

// A card: a thing, and what of it is there. `task` is the step at which units stand.
const card = (thing, more) => ({ thing, key: thing.key + (more?.task ? "@" + more.task.step : more?.what ? "!" + more.what : ""), ...more });

// A plate that was queued, and its batch: what is asked or said of it is of no other.
const plateOf = (batch) => (job) => ({ key: "job:" + job.job, kind: "job", name: job.job, job, batch });
export const platesThat = (batch, stage) => batch.jobs.filter((job) => job.stage === stage).map(plateOf(batch));

function waitingFor(batch) {
  const cards = batch.batch.at.filter((task) => task.waits.some((wait) => wait.need === "signature")).map((task) => card(batch, { task }));
  const stuck = [...platesThat(batch, "asked"), ...platesThat(batch, "aside")];
  cards.push(...stuck.filter((plate) => plate.job.parts[0].batch === batch.name).map((plate) => card(plate)));
  if (batch.batch.quarantine) cards.push(card(batch, { what: "quarantine" }));
  return cards;
}

const atBench = (task) => !makes.has(task.kind) && !task.waits.some((wait) => wait.need === "signature");

// The columns with their cards, and all things by their key.
export function arrange(app) {
  const all = { lines: lines(app), batches: batches(app), next: toCome(app), printers: printers(app), lots: lots(app) };
  const running = all.batches.slice().sort(inTurn);
  const columns = {
    waits: [
      ...all.printers.filter((one) => one.is.bad).sort(worstFirst).map((one) => card(one)),
      ...running.flatMap(waitingFor),
      ...differing(all.lines),
      ...all.lots.map((one) => card(one)),
      ...all.printers.filter((one) => one.is.warn).sort(worstFirst).map((one) => card(one)), // plates to clear may be many
    ],
    orders: all.lines.filter((one) => one.line.unmade || one.line.held).sort(inTurn).map((one) => card(one)),
    making: [
      ...running.flatMap((one) => one.batch.at.filter((task) => makes.has(task.kind)).map((task) => card(one, { task }))),
      ...running.filter((one) => one.batch.state === "filling").map((one) => card(one, { what: "filling" })),
      ...all.next.map((one) => card(one)),
    ],
    bench: running.flatMap((one) => one.batch.at.filter(atBench).map((task) => card(one, { task }))),
    done: [
      ...running.filter((one) => one.batch.to_pack).map((one) => card(one, { what: "pack" })),
      ...app.board.parcels.map((parcel) => ({ key: "parcel:" + parcel.parcel, parcel })),
    ],
  };
  const plates = columns.waits.map((one) => one.thing).filter((one) => one.kind === "job");
  const things = new Map([...all.lines, ...all.batches, ...all.next, ...all.printers, ...all.lots, ...plates].map((one) => [one.key, one]));
  return { ...all, columns, things };
}
