// A step of a batch as it is with the entries that still wait, and what may be done there. Nothing is decided here that the server
// does not decide again.

export const checkName = (check) => (check.part ? check.part + "." + check.name : check.name);

// "4,3" and "4.3" alike; NaN for what is no number.
export function reading(text) {
  const plain = text.trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$|^-?\.\d+$/.test(plain) ? Number(plain) : NaN;
}
export const typed = (text) => text.trim().replace(",", ".").replace(/^(-?)\./, "$10.");

export function isWithin(check, value) {
  return !(check.lower !== undefined && value < Number(check.lower)) && !(check.upper !== undefined && value > Number(check.upper));
}

export const workOf = (step, unit) => step.work.find((work) => work.sku === unit?.sku) ?? step.work[0];

const checksOf = (step, unit) => workOf(step, unit)?.checks.filter((check) => check.form !== "count").length ?? 0;
const isSeen = (step, unit) => unit.good.length + unit.bad.length >= checksOf(step, unit);

function judge(step, unit, name, good) {
  const [seen, bad] = [isSeen(step, unit), unit.bad.length];
  unit.good = unit.good.filter((other) => other !== name);
  unit.bad = unit.bad.filter((other) => other !== name);
  (good ? unit.good : unit.bad).push(name);
  if (step.sample_left === undefined || unit.alone) return;
  step.sample_left -= isSeen(step, unit) - seen;
  step.sample_bears -= (unit.bad.length > 0) - (bad > 0);
}

const satisfy = (step, wanted) => (step.needs = step.needs.filter((need) => !wanted(need)));

const effects = {
  begin_step(step, entry) {
    step.runs++;
    step.begun = new Date(entry.made).toISOString();
    step.machine = entry.command.machine;
  },
  use_lot(step, { command }) {
    const used = step.lots.find((lot) => lot.lot === command.lot);
    if (!used) return;
    for (const lot of step.lots) if (lot.what === used.what) lot.used = lot === used;
    satisfy(step, (need) => need.need === "lot" && need.name === used.what);
  },
  record_parameter(step, { command }) {
    const record = step.records.find((one) => one.name === command.name);
    if (record) record.value = command.value;
    satisfy(step, (need) => need.need === "parameter" && need.name === command.name);
  },
  measure(step, { command }) {
    const unit = step.units.find((one) => one.unit === command.unit);
    const check = unit && workOf(step, unit)?.checks.find((one) => one.part === command.part && one.name === command.dimension);
    if (!check) return;
    judge(step, unit, checkName(check), isWithin(check, Number(command.value)));
    unit.values = { ...unit.values, [checkName(check)]: command.value };
    satisfy(step, (need) => need.unit === command.unit && need.part === command.part && need.name === command.dimension);
  },
  judge_check(step, { command }) {
    if (!command.unit) step.counted = command.good === 1;
    const unit = step.units.find((one) => one.unit === command.unit);
    const check = unit && workOf(step, unit)?.checks.find((one) => !one.part && one.name === command.check);
    const accepted = check?.defects.some((one) => one.defect === command.defect && one.then === "accept");
    if (unit && command.defect) unit.defects = { ...unit.defects, [command.check]: command.defect };
    if (unit) judge(step, unit, command.check, command.good === 1 || accepted);
    if (unit || command.good === 1)
      satisfy(step, (need) => need.unit === command.unit && !need.part && need.name === command.check);
  },
  leave_step(step, { command }) {
    const end = command.first + command.count;
    const left = (unit) => unit >= command.first && unit < end;
    step.units = step.units.filter((one) => !left(one.unit));
    step.standing -= command.count;
    satisfy(step, (need) => need.unit && left(need.unit));
  },
};

const unitOf = (step, command) => step.units.find((one) => one.unit === command.unit);
const isJudged = (unit, name) => !unit || unit.good.includes(name) || unit.bad.includes(name);

const open = {
  begin_step: (step) => !step.runs,
  use_lot: (step, command) => !step.lots.some((lot) => lot.lot === command.lot && lot.used),
  measure: (step, command) => !isJudged(unitOf(step, command), command.part + "." + command.dimension),
  judge_check: (step, command) => (command.unit ? !isJudged(unitOf(step, command), command.check) : !step.counted),
  leave_step: (step, command) => {
    const standing = new Set(step.units.map((one) => one.unit));
    return Array.from({ length: command.count }, (_, i) => command.first + i).every((unit) => standing.has(unit));
  },
};

// Whether a command is still to be given: it may have been touched twice. A correction says why, and always is.
export const isOpen = (step, command) => (command.reason && command.command !== "leave_step") || (open[command.command]?.(step, command) ?? true);

// What is there once the entries are sent, as far as a page can tell.
export function withEntries(step, entries) {
  const own = entries.filter(({ command }) => command.batch === step.batch && command.step === step.step);
  if (!own.length) return step;
  const copy = structuredClone(step);
  for (const entry of own) effects[entry.command.command]?.(copy, entry);
  copy.waiting = own.length;
  return copy;
}

// Whether the sample lets a unit go: what came back does not wait for it; where it is not good, each is looked at.
const sampleLets = (step, unit) =>
  step.sample_left === undefined || unit.alone || (step.sample_left <= 0 && (step.sample_bears >= 0 || isSeen(step, unit)));

// Of what is in use here something is on hold: nothing goes on.
export const heldLot = (step) => step.lots.find((lot) => lot.used && lot.held);

// Those that may go on as good: nothing bad was found on them, and nothing is wanted of them any more.
export function passable(step) {
  const wanted = new Set(step.needs.map((need) => need.unit));
  if (heldLot(step)) return [];
  return step.units.filter((unit) => !unit.bad.length && !wanted.has(unit.unit) && sampleLets(step, unit)).map((unit) => unit.unit);
}

// What is wanted of the batch before anything passes.
export const openNeeds = (step) => step.needs.filter((need) => !need.unit);

// [1,2,3,7] as [{first: 1, count: 3}, {first: 7, count: 1}].
export function runs(units) {
  const all = [];
  for (const unit of units) {
    const last = all[all.length - 1];
    if (last && unit === last.first + last.count) last.count++;
    else all.push({ first: unit, count: 1 });
  }
  return all;
}

// The unit that is looked at: the one that was chosen, else the first of which something is wanted, else the first.
export function currentUnit(step, chosen) {
  const there = step.units.find((unit) => unit.unit === chosen);
  const wanted = step.needs.find((need) => need.unit && step.units.some((unit) => unit.unit === need.unit));
  const bad = step.units.find((unit) => unit.bad.length);
  return there ?? (wanted ? step.units.find((unit) => unit.unit === wanted.unit) : bad ?? step.units[0]);
}

export const goodOutcome = (step) => step.routes.find((route) => route.outcome === "pass" || route.outcome === "approve");
export const otherOutcomes = (step) => step.routes.filter((route) => route !== goodOutcome(step));
