// What a printer is about, for the board and the wall alike: one word, how bad it is, since when.

// What wants a person comes first, worst first (`tells`: the printer's own words say more); then what works, what could work, what is not to.
const kinds = {
  offline: { rank: 1, bad: true, mark: "wire", tells: true },
  error: { rank: 2, bad: true, mark: "warn", tells: true },
  failed: { rank: 3, bad: true, mark: "cross" },
  attention: { rank: 4, bad: true, mark: "warn", tells: true },
  asks: { rank: 4.5, bad: true, mark: "spool", tells: true },
  empty: { rank: 5, bad: true, mark: "spool", tells: true },
  paused: { rank: 6, bad: true, mark: "pause" },
  clear: { rank: 7, warn: true, mark: "plate" },
  unseen: { rank: 8, warn: true, mark: "eye" },
  starting: { rank: 10, works: true, mark: "flame" },
  printing: { rank: 11, works: true, mark: "play" },
  idle: { rank: 12, mark: "tick" },
  out: { rank: 13, mark: "minus" },
};

const filament = /filament|run ?out|spool/i;
const isEmpty = (printer) => printer.loaded.some((slot) => slot.left_mg !== undefined && slot.left_mg <= 0);

function kindOf(printer) {
  if (printer.out_of_use) return "out";
  if (printer.asks) return "asks";
  if (printer.state === "offline" || printer.state === "unknown") return "offline";
  if (printer.state === "error") return "error";
  if (printer.state === "attention" || printer.state === "paused") return filament.test(printer.message ?? "") ? "empty" : printer.state;
  if (printer.state === "cancelled" && !printer.plate_empty) return "failed";
  if (printer.state === "starting" || printer.heating) return "starting";
  if (printer.state === "printing") return "printing";
  if (!printer.plate_empty) return printer.plate || printer.state === "finished" ? "clear" : "unseen";
  return isEmpty(printer) ? "empty" : "idle";
}

// In its own words, where they say more than ours.
export const complaint = (printer, is) => (is.tells ? printer.asks ?? printer.message : is.kind === "out" ? printer.reason : "") ?? "";

export function condition(printer) {
  const kind = kindOf(printer);
  const since = kind === "clear" && printer.plate_since ? printer.plate_since : printer.since;
  return { kind, ...kinds[kind], since: new Date(since).getTime(), problem: !!(kinds[kind].bad || kinds[kind].warn) };
}

// The worst first; of equals what has waited longest, then as they stand.
export const inOrder = (a, b) => a.is.rank - b.is.rank || (a.is.problem ? a.is.since - b.is.since : 0) ||
  a.printer.localeCompare(b.printer, undefined, { numeric: true });
