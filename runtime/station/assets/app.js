// The page: what it knows, what it shows, and what comes from the server, a scanner and the clock.
import * as api from "./api.js";
import { desks } from "./desk.js";
import { fill, h, icon, say } from "./dom.js";
import * as model from "./model.js";
import { begin, dismiss, heardFrom, hurry, laidOver, outbox, put, refused, send, setOnline, waiting } from "./outbox.js";
import { refusalText } from "./refusals.js";
import * as scan from "./scan.js";
import * as store from "./store.js";
import { chooseLanguage, t } from "./texts.js";
import { queueView } from "./view_queue.js";
import { settings, signView } from "./view_sign.js";
import { stepView } from "./view_step.js";

const IDLE_MS = 20 * 60 * 1000; // then a tablet signs out whoever walked away

const app = {
  session: null, bench: null, step: null, old: false, failed: false, problem: null,
  desk: null, kept: [], packing: null, packWrong: null,
  unit: 0, count: null, typed: {}, ticks: [], happened: [],

  // ---- what is chosen on this tablet ----
  preferred: (name) => localStorage.getItem("flow-" + name),
  prefer(name, value) {
    localStorage.setItem("flow-" + name, value);
    settle();
    app.draw();
  },

  // ---- showing ----
  draw: () => {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(drawNow);
  },
  say,
  shownStep: () => app.step && model.withEntries(app.step, laidOver(app.step.last_event)),
  chooseUnit(unit) {
    app.unit = unit;
    app.draw();
  },

  // ---- ticks: for whoever works, the record does not need them ----
  isTicked: (step, line) => app.ticks.includes(line),
  tick(step, line, on) {
    app.ticks = app.ticks.filter((other) => other !== line).concat(on ? [line] : []);
    store.keep(ticksOf(step), app.ticks);
    app.draw();
  },
  untick(step) {
    app.ticks = [];
    store.keep(ticksOf(step), []);
  },

  // ---- entering ----
  // One after the other: a finger is faster than a disk. What a second touch meant is done already.
  enter(...commands) {
    entering = entering.then(() => enterNow(commands)).catch((problem) => app.say(String(problem)));
    return entering;
  },

  // What is no work at a step: packed, decided. What waits already is not said twice.
  put(...commands) {
    const said = new Set(app.laid().map((entry) => JSON.stringify(entry.command)));
    const meant = commands.filter((command) => !said.has(JSON.stringify(command)));
    entering = entering.then(async () => {
      for (const command of meant) await put(command);
      if (!outbox.online) app.say(t("kept_here"));
      app.draw();
    }).catch((problem) => app.say(String(problem)));
    return entering;
  },
  // The entries that are not in what is shown yet.
  laid: () => laidOver(app.desk?.last_event ?? Infinity),

  // What is listed stays where it is while somebody looks at it: what went is shown as gone, what came is at the end.
  inPlace(items, nameOf) {
    const now = new Map(items.map((item) => [nameOf(item), item]));
    const there = new Set(app.kept.map((one) => one.name));
    app.kept = [
      ...app.kept.map(({ name, item }) => ({ name, item: now.get(name) ?? item, gone: !now.has(name) })),
      ...items.filter((item) => !there.has(nameOf(item))).map((item) => ({ name: nameOf(item), item, gone: false }))];
    return app.kept;
  },
  place: () => place(),

  // A form's field in which it was scanned, or typed.
  found(event) {
    event.preventDefault();
    const field = event.target.elements.scan;
    app.heard(field.value.trim());
    field.value = "";
  },

  // What was scanned, or typed in place of a scan. True where it meant something.
  heard(text, fresh) {
    const said = scan.meaning(text);
    if (desks[deskNamed()]?.heard?.(app, said)) return true;
    const tasks = app.bench?.queue ?? [];
    const step = app.shownStep();
    const lot = step?.lots.find((one) => one.lot === said.name);
    if (lot || (step && said.name && step.needs.some((need) => need.need === "lot") && !tasks.some((task) => task.batch === said.name || task.batch === said.batch))) {
      app.enter({ command: "use_lot", lot: said.name });
      return true;
    }
    const named = tasks.filter((task) => task.batch === said.name || task.batch === said.batch);
    const station = app.preferred("station");
    const here = named.filter((task) => !station || task.station === station);
    const found = here[0] ?? named[0];
    if (!found) {
      if (fresh) app.say(t("not_found", { text }));
      else readBench().then(() => app.heard(text, true), () => app.heard(text, true)); // it may have come since
      return false;
    }
    app.unit = said.unit ?? 0;
    app.scanned = true;
    location.hash = "#/" + encodeURIComponent(found.batch) + "/" + encodeURIComponent(found.step);
    return true;
  },

  // ---- people ----
  async signedIn(session) {
    app.took(session);
    app.wasSignedOut = false;
    app.signWrong = "";
    await app.refresh();
    follow();
    hurry();
  },
  took(session) {
    app.session = session;
    outbox.who = session?.person ?? null;
    api.means(session?.mark);
    store.keep("session", session);
    app.draw();
  },
  async signOut() {
    try {
      app.took(await api.post("/session/end", {}));
    } catch {
      app.took({ ...app.session, person: undefined, mark: undefined }); // the server forgets it by itself
    }
    stream?.close();
    stream = null;
  },

  // ---- reading ----
  async refresh() {
    const [, batch, step] = place();
    try {
      const wanted = [batch && readStep(batch, step), deskNamed() && readDesk(), ((!batch && !deskNamed()) || !app.bench) && readBench()];
      await Promise.all(wanted);
      app.failed = false;
    } catch (problem) {
      app.failed = problem.status === 0;
      if (problem.status === 401) signedOut();
    }
    app.draw();
  },
};

let drawing = false;
let entering = Promise.resolve();
let focusNext = false;
let stream = null;
let touched = Date.now();

const ticksOf = (step) => "ticks/" + step.batch + "/" + step.step;
const place = () => location.hash.split("/").map(decodeURIComponent);

// One of the pages that are no step: "#//parcels".
const deskNamed = () => (!place()[1] && desks[place()[2]] ? place()[2] : "");

async function read(path) {
  const asked = Date.now();
  const answer = await api.read(path);
  if (!answer.old) heardFrom(asked, answer.body.last_event);
  return answer;
}

async function readDesk() {
  const name = deskNamed();
  const { body, old, late } = await read(desks[name].path);
  if (late || deskNamed() !== name) return;
  app.desk = body;
  app.old = old;
}

async function readBench() {
  const { body, late } = await read("/bench");
  if (!late) app.bench = body;
}

async function readStep(batch, step) {
  const path = "/batches/" + encodeURIComponent(batch) + "/steps/" + encodeURIComponent(step);
  try {
    const { body, old, late } = await read(path);
    if (late || place()[1] !== batch || place()[2] !== step) return;
    app.step = { ...body, values: undefined };
    app.old = old;
    app.problem = null;
    remember(app.step);
  } catch (problem) {
    if (problem.status === 404) app.problem = problem.message;
    else throw problem;
  }
}

async function enterNow(commands) {
  const step = app.shownStep();
  if (!step) return;
  const wanted = commands.filter((command) => model.isOpen(step, command));
  if (!wanted.length) return;
  if (!step.runs && wanted[0].command !== "begin_step" && step.machines.length < 2)
    wanted.unshift({ command: "begin_step", machine: step.machines[0]?.name ?? "" });
  for (const command of wanted) {
    const where = command.command === "begin_step" ? { station: step.station ?? "" } : {};
    await put({ ...command, ...where, batch: step.batch, step: step.step });
  }
  moveOn(wanted[wanted.length - 1]);
  focusNext = true;
  if (!outbox.online) app.say(t("kept_here"));
  app.draw();
}

// Values that were read off here: the server's answer has only whether they were good.
function remember(step) {
  for (const unit of step.units) unit.values = app.values?.[step.batch + "/" + step.step + "/" + unit.unit];
  for (const unit of step.units) unit.defects = app.defects?.[step.batch + "/" + step.step + "/" + unit.unit];
}

function note(entry) {
  const { command } = entry;
  const key = command.batch + "/" + command.step + "/" + command.unit;
  if (command.command === "measure")
    app.values = { ...app.values, [key]: { ...app.values?.[key], [command.part + "." + command.dimension]: command.value } };
  if (command.command === "judge_check" && command.defect)
    app.defects = { ...app.defects, [key]: { ...app.defects?.[key], [command.check]: command.defect } };
}

// Once a unit has all its checks the next one is shown; after units left, all that are left are meant again.
function moveOn(command) {
  const step = app.shownStep();
  if (command.command === "leave_step") {
    app.count = null;
    app.unit = 0;
  }
  const unit = step?.units.find((one) => one.unit === command.unit); // it may have been left meanwhile
  if (unit && !unit.bad.length && !step.needs.some((need) => need.unit === unit.unit)) app.unit = 0;
  else if (unit) app.unit = unit.unit;
}

// ---- showing ----

function status() {
  const count = waiting().length;
  if (!outbox.online) return h("span", { class: "status off", id: "status", "data-waiting": String(count) }, count ? t("waiting_short", { n: count }) : "!");
  return h("span", { class: count ? "status waits" : "status", id: "status", "data-waiting": String(count) }, count ? t("waiting_short", { n: count }) : t("live"));
}

function top() {
  const station = app.bench?.stations.find((one) => one.station === app.preferred("station"));
  return [
    h("a", { class: "brand", href: "#/" }, h("img", { src: "/icon.svg", alt: "", width: "32", height: "32" }), h("span", {}, station?.title ?? t("bench"))),
    status(),
    h("button", { class: "who", id: "who", onclick: () => settings(app), "aria-label": (app.session?.person ? app.session.person + ", " : "") + t("settings") },
      icon("person"), h("span", {}, app.session?.person ?? t("settings"))),
  ];
}

function words(entry) {
  const { command, batch, step, ...rest } = entry.command;
  return [batch, step, command.replaceAll("_", " "), ...Object.values(rest)].filter((one) => one !== "").join(" · ");
}

function refusalLine(entry) {
  const { lang, text } = refusalText(entry.refusal, entry.said);
  return h("p", { lang }, text);
}

function notes() {
  const others = [...new Set(waiting().map((entry) => entry.person))].filter((person) => person !== outbox.who);
  return [
    !outbox.online && h("div", { class: "note off", id: "offline" }, h("p", {}, t("offline")), waiting().length > 0 && h("p", {}, h("b", {}, t("waiting", { n: waiting().length })))),
    others.map((person) => h("p", { class: "note", id: "others-" + person }, t("waiting_of", { person }))),
    refused().map((entry) => h("div", { class: "note refused", role: "alert", id: "refused-" + entry.number },
      h("p", {}, h("b", {}, t("refused_more")), " " + words(entry)), refusalLine(entry),
      h("button", { onclick: () => dismiss(entry) }, t("understood")))),
    app.old && (app.step || app.desk) && h("p", { class: "note", id: "old" }, t("old")),
  ];
}

// Below, over the page: what comes by itself moves nothing away under a finger.
function told() {
  const footer = document.getElementById("notes");
  fill(footer, notes());
  document.documentElement.style.setProperty("--told", footer.offsetHeight + "px");
}

function drawNow() {
  drawing = false;
  const [, batch] = place();
  const desk = deskNamed();
  const view = !app.session?.person ? signView(app) : batch ? stepView(app) : desk ? desks[desk].view(app) : queueView(app);
  const band = document.getElementById("band");
  band.hidden = !app.session?.training;
  band.textContent = t("training");
  document.title = (batch && app.step ? app.step.step_title + " · " + batch : t(desk ? "desk_" + desk : "bench")) + " – flowd";
  fill(document.getElementById("top"), top());
  fill(document.getElementById("main"), [h("div", { id: "view", class: app.session?.person ? (batch ? "step" : "queue-view") : "sign" }, view)]);
  told();
  if (focusNext) goOn();
  focusNext = false;
}

// To what is asked next: the keyboard and a screen reader are there, and it is seen whole.
function goOn() {
  const next = document.querySelector("#main [data-next]");
  next?.focus({ preventScroll: true });
  next?.closest(".panel, .measure, .judge, .card, .finish")?.scrollIntoView({ block: "nearest" });
  document.querySelector('.chip[aria-pressed="true"]')?.scrollIntoView({ block: "nearest", inline: "center" });
}

function settle() {
  chooseLanguage(app.preferred("language"));
  const theme = app.preferred("theme") ?? "auto";
  document.documentElement.dataset.theme = theme;
}

// ---- what comes ----

let soon = 0;
const refreshSoon = () => {
  clearTimeout(soon);
  soon = setTimeout(app.refresh, 120 + Math.random() * 80); // not all tablets at once
};

function signedOut() {
  if (!app.session?.person) return;
  app.wasSignedOut = true;
  app.took({ ...app.session, person: undefined, mark: undefined });
}

// Which events change what is shown here: those of the batch, and at the queue those that move units.
function concerns(event) {
  const [, batch] = place();
  return !batch || !event.batch || event.batch === batch;
}

function follow() {
  stream?.close();
  stream = new EventSource("/api/v1/events/stream");
  stream.onopen = () => {
    setOnline(true);
    hurry();
    refreshSoon(); // what happened while nobody listened
  };
  const heard = (message) => {
    const event = JSON.parse(message.data);
    app.happened = [...app.happened, event].slice(-40);
    if (concerns(event)) refreshSoon();
    window.dispatchEvent(new CustomEvent("flow-event", { detail: event }));
  };
  for (const name of ["units_left", "unit_measured", "check_judged", "lot_used", "parameter_recorded", "step_begun", "lot_judged", "lot_held",
    "lot_freed", "lot_received", "unit_quarantined", "unit_returned", "unit_disposed", "gate_signed", "batch_started", "batch_closed",
    "ask_answered", "units_added", "units_assigned", "units_packed", "units_unpacked", "parcel_shipped", "sample_approved", "spec_adopted",
    "line_cancelled"])
    stream.addEventListener(name, heard);
}

// A line that is dead without saying so is found out by asking.
async function ask() {
  try {
    await api.get("/health");
    if (!outbox.online) {
      setOnline(true);
      hurry();
      if (!stream || stream.readyState === EventSource.CLOSED) follow();
      refreshSoon();
    } else if (stream?.readyState === EventSource.CLOSED) follow();
  } catch {
    setOnline(false);
  }
  setTimeout(ask, outbox.online ? 10000 : 2000);
}

async function showPlace() {
  const [, batch, name] = place();
  if (app.step && (app.step.batch !== batch || app.step.step !== name)) {
    app.step = null;
    app.typed = {};
    app.count = null;
    if (!app.scanned) app.unit = 0;
  }
  app.problem = app.desk = app.packWrong = null;
  app.kept = [];
  if (batch) app.ticks = (await store.kept("ticks/" + batch + "/" + name)) ?? [];
  document.getElementById("main").focus({ preventScroll: true });
  window.scrollTo(0, 0);
  app.draw();
  await app.refresh();
  const step = app.shownStep();
  // Whoever scans a batch begins to work on it; whoever taps it may only look.
  if (app.scanned && step && !step.runs && step.machines.length < 2 && step.units.length) app.enter({ command: "begin_step", machine: step.machines[0]?.name ?? "" });
  app.scanned = false;
}

// The one address that may become a script: the policy of this page allows no other.
function workerAddress() {
  const only = { createScriptURL: () => "/sw.js" };
  return window.trustedTypes ? trustedTypes.createPolicy("flow", only).createScriptURL("") : "/sw.js";
}

async function main() {
  settle();
  await store.open();
  await begin();
  outbox.changed = app.draw;
  outbox.kept = () => app.say(t("kept_here"));
  outbox.done = (entry, answer) => {
    if (answer) app.say(t("recorded")); // by the server, on its disk
    note(entry);
    refreshSoon();
  };
  outbox.signedOut = signedOut;
  try {
    app.took(await api.get("/session"));
  } catch {
    setOnline(false);
    app.took(await store.kept("session"));
  }
  addEventListener("hashchange", showPlace);
  addEventListener("online", hurry);
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, () => (touched = Date.now()), { capture: true, passive: true });
  setInterval(() => {
    if (app.session?.tablet && app.session.person && Date.now() - touched > IDLE_MS && !waiting().length) app.signOut();
  }, 30000);
  scan.listen((text) => {
    const sheet = document.querySelector("dialog[open]");
    if (sheet) scan.into(sheet.querySelector("[data-scan]"), text);
    else if (app.session?.person) app.heard(text);
  });
  if (app.session?.person) follow();
  await showPlace();
  send();
  setTimeout(ask, 3000);
  if (window.isSecureContext) navigator.serviceWorker?.register(workerAddress()).catch(() => {});
}

main();
