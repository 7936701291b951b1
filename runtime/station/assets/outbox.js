// Entries on their way: each is on the tablet's disk before it is shown, and leaves it when the server answered. They are sent one
// after the other, and under the name of whoever made them. An answer that was lost is asked for again by the entry's id.
import * as api from "./api.js";
import * as store from "./store.js";

export const outbox = { entries: [], online: true, who: null, changed: () => {}, done: () => {}, kept: () => {}, signedOut: () => {} };
let running = false;
let again = false;
let timer = 0;
let pause = 500;

// The last that were answered, with the event the record had come to: without a line a page is shown as it was kept, which may be of
// before them, and what was entered there must not be asked for again.
const ANSWERED_AT_MOST = 300;
let answered = [];

function keepAnswered(entry, last) {
  const others = answered.filter((one) => one.entry.id !== entry.id);
  answered = [...others, { entry, last, at: Date.now() }].slice(-ANSWERED_AT_MOST);
  store.keep("answered", answered);
}

// Those that are not in what is shown, which was read when the record had come to this event.
export function laidOver(lastEvent) {
  const later = answered.filter((one) => one.last > lastEvent).map((one) => one.entry);
  return [...later, ...waiting().filter((entry) => !later.some((one) => one.id === entry.id))];
}

// A record that has not come to what was answered before it was asked for is another one: of a backup, of another shop.
export function heardFrom(asked, lastEvent) {
  answered = answered.filter((one) => one.last <= lastEvent || one.at >= asked);
}

export async function begin() {
  outbox.entries = await store.entries();
  answered = (await store.kept("answered")) ?? [];
}

export async function put(command) {
  const entry = await store.addEntry({ id: api.newId(), person: outbox.who, made: Date.now(), command });
  outbox.entries.push(entry); // the list of now: another may have left it meanwhile
  outbox.changed();
  send();
  return entry;
}

// Those of others wait until they sign in here again.
export const waiting = () => outbox.entries.filter((entry) => !entry.refusal);
export const refused = () => outbox.entries.filter((entry) => entry.refusal);
const next = () => outbox.entries.find((entry) => !entry.refusal && entry.person === outbox.who);

async function forget(entry) {
  outbox.entries = outbox.entries.filter((other) => other !== entry);
  await store.dropEntry(entry);
}

export async function dismiss(entry) {
  await forget(entry);
  outbox.changed();
}

export function setOnline(online) {
  if (outbox.online === online) return;
  outbox.online = online;
  if (!online && waiting().length) outbox.kept();
  outbox.changed();
}

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(send, seconds ? seconds * 1000 : pause);
  pause = Math.min(pause * 2, 8000);
}

// What comes of one: true to go on with the next.
async function sendOne(entry) {
  let answer = null;
  try {
    answer = await api.post("/commands", { ...entry.command, id: entry.id });
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      outbox.signedOut();
      return false;
    }
    if (problem.status !== 409 && problem.status !== 400) {
      setOnline(problem.status !== 0);
      later(problem.wait);
      return false;
    }
    entry.refusal = problem.message;
    entry.said = problem.said;
    await store.putEntry(entry);
  }
  setOnline(true);
  pause = 500;
  if (answer?.last) keepAnswered(entry, answer.last); // before it is forgotten: what is shown never lacks it
  outbox.done(entry, answer);
  if (answer) await forget(entry);
  outbox.changed();
  return true;
}

export async function send() {
  if (running) {
    again = true;
    return;
  }
  running = true;
  do {
    again = false;
    for (let entry = next(); entry && (await sendOne(entry)); entry = next());
  } while (again);
  running = false;
}

// The line is there again, or somebody signed in: no waiting.
export function hurry() {
  pause = 500;
  clearTimeout(timer);
  send();
}
