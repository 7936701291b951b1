// The server, asked. Answers are kept, so that there is something to show without it.
import * as store from "./store.js";

export class Problem extends Error {
  constructor(status, detail, wait, said) {
    super(detail);
    this.said = said; // of a refusal, to be said in another language
    this.status = status; // 0: no answer came
    this.wait = wait; // seconds, where it says so
  }
}

async function ask(path, options, patience) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    return await fetch(path, { credentials: "same-origin", cache: "no-cache", ...options, signal: stop.signal });
  } catch {
    throw new Problem(0, "", 0);
  } finally {
    clearTimeout(timer);
  }
}

async function taken(answer) {
  const body = await answer.json().catch(() => null);
  if (!body) throw new Problem(answer.ok ? 0 : answer.status, "", 0);
  if (answer.ok) return body;
  throw new Problem(answer.status, body.detail ?? "", Number(answer.headers.get("Retry-After") ?? 0), body.said);
}

let mark = "1";
// From now on what is sent is meant for this session: another one in the same browser does not get it.
export const means = (session) => (mark = session ?? "1");

export async function post(path, body) {
  return taken(await ask("/api/v1" + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Flow-Page": mark },
    body: JSON.stringify(body),
  }, 15000));
}

export async function get(path) {
  return taken(await ask("/api/v1" + path, {}, 10000));
}

let questions = 0;
const newest = new Map(); // of each path, the last question that was answered

// What is there now, and kept; without an answer, what was kept last. It is late where one who asked after it was answered before it.
export async function read(path) {
  const question = ++questions;
  const late = () => question < (newest.get(path) ?? 0);
  try {
    const body = await get(path);
    if (late()) return { body, old: false, late: true };
    newest.set(path, question);
    store.keep(path, body);
    return { body, old: false, late: false };
  } catch (problem) {
    if (problem.status !== 0) throw problem;
    const body = await store.kept(path);
    if (!body) throw problem;
    return { body, old: true, late: late() };
  }
}

// Version 7: time, then chance. By it the server knows a command that comes twice.
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = Date.now();
  for (let i = 5; i >= 0; i--, time = Math.floor(time / 256)) bytes[i] = time % 256;
  bytes[6] = 0x70 | (bytes[6] & 15);
  bytes[8] = 0x80 | (bytes[8] & 63);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
