// The planner's board: what it knows, what it shows, and what comes.
import * as api from "./api.js";
import { actionsOf, doNow, dragsHere, dropped, menu } from "./board_act.js";
import { column, printersView } from "./board_cards.js";
import * as drag from "./board_drag.js";
import { planView } from "./board_plan.js";
import { storyView } from "./board_story.js";
import { day, moment } from "./board_texts.js";
import { arrange } from "./board_things.js";
import { fill, h, icon, say } from "./dom.js";
import { follow } from "./live.js";
import { chooseLanguage, t } from "./texts.js";
import { settings, signView } from "./view_sign.js";

const PRINTERS_MS = 3000; // what printers say is no event
const PLAN_MS = 5000; // a plan is work for the server: what happens is planned no more often, what is done here at once
const FIRST_MS = 800; // so long the first picture waits for the plan
const JUST_MS = 350; // who touches so soon after things moved meant what was there before

const app = {
  session: null, board: null, jobs: [], printers: [], plan: null, planProblem: "", today: null, shown: null, things: new Map(),
  roles: [], plans: false, story: null, opened: new Set(), ahead_ms: 0, line: true, since: Date.now(),

  preferred: (name) => localStorage.getItem("flow-" + name),
  prefer(name, value) {
    localStorage.setItem("flow-" + name, value);
    settle();
    app.draw();
  },
  clock: () => Date.now() + app.ahead_ms, // the server's
  say,
  draw() {
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(drawNow);
  },
  open(name) {
    app.opened.add(name);
    app.draw();
  },

  // ---- what may be done ----
  doing: (thing) => actionsOf(app, thing),
  can: (thing) => actionsOf(app, thing).length > 0,
  drags: (thing) => app.plans && dragsHere(app, thing),
  menu: (thing) => menu(app, app.things.get(thing.key) ?? thing),
  dropped: (thing, place) => dropped(app, thing, place),
  drop(thing, place) {
    const what = dropped(app, thing, place);
    if (what?.asks) what.asks();
    else if (what) doNow(app, what.does());
  },
  // All pages of a list.
  async all(path) {
    const items = [];
    for (let from = 0; from !== undefined; ) {
      const page = await api.get(path + (path.includes("?") ? "&" : "?") + "limit=1000&from=" + from);
      items.push(...page.items);
      from = page.next;
    }
    return items;
  },
  jobsOf: (batch) => app.all("/jobs?batch=" + encodeURIComponent(batch)),

  // ---- people ----
  async signedIn(session) {
    app.took(session);
    app.wasSignedOut = false;
    app.signWrong = "";
    await app.refresh();
  },
  took(session) {
    app.session = session;
    app.roles = (session?.roles ?? "").split(",");
    app.plans = app.roles.includes("planner") || app.roles.includes("admin");
    api.means(session?.mark);
    app.draw();
    if (looks() && !restart) restart = follow(heard, turned);
  },
  async signOut() {
    try {
      app.took(await api.post("/session/end", {}));
    } catch {
      app.signedOut();
    }
  },
  signedOut() {
    app.wasSignedOut = !!app.session?.person;
    app.took({ ...app.session, person: undefined, roles: undefined, mark: undefined });
  },

  // ---- reading ----
  async refresh(done) {
    if (!looks()) return;
    const today = day();
    const question = ++questions;
    try {
      const [board, jobs, printers, figures] = await Promise.all([
        api.get("/board"), app.all("/jobs?open=true"), api.get("/printers"), api.get("/today?day=" + today.name + "&since=" + today.since)]);
      if (question > newest) { // one who asked later may have been answered before
        newest = question;
        Object.assign(app, { board, jobs, today: figures });
        tookPrinters(printers);
      }
      turned(true);
    } catch (problem) {
      failed(problem);
    }
    if (app.plan || app.planProblem) planSoon(done);
    else await Promise.race([readPlan(), later(FIRST_MS)]);
    app.draw();
  },
};

const later = (ms) => new Promise((done) => setTimeout(done, ms));
const looks = () => !!(app.session?.person || app.session?.tablet);
const place = () => location.hash.split("/").map(decodeURIComponent);

let drawing = false;
let pressed = false;
let restart = null;
let movedAt = -JUST_MS;
let reading = false;
let questions = 0;
let newest = 0; // the last question that was answered

function tookPrinters(answer) {
  app.printers = answer.items;
  app.ahead_ms = new Date(answer.now).getTime() - Date.now();
}

function failed(problem) {
  if (problem.status === 0) turned(false);
  else if (problem.status === 401) app.signedOut();
}

let planTimer = 0;
let plannedAt = 0;

function planSoon(now) {
  clearTimeout(planTimer);
  planTimer = setTimeout(readPlan, now ? 0 : Math.max(0, PLAN_MS - (Date.now() - plannedAt)));
}

// The plan takes longer than the rest: it comes after.
async function readPlan() {
  if (reading) {
    planSoon(); // what is being read may be of before
    return;
  }
  reading = true;
  plannedAt = Date.now();
  try {
    app.plan = await api.get("/plan");
    app.planProblem = "";
  } catch (problem) {
    if (problem.status !== 0) app.planProblem = problem.message || String(problem.status);
    else if (app.line) planSoon(); // the rest is answered: it only took too long
  }
  reading = false;
  app.draw();
}

async function readPrinters() {
  if (looks() && app.line && !document.hidden && app.board) {
    try {
      tookPrinters(await api.get("/printers"));
      app.draw();
    } catch (problem) {
      failed(problem);
    }
  }
  setTimeout(readPrinters, PRINTERS_MS);
}

// ---- showing ----

function top() {
  const link = (href, key, here) => h("a", { href, class: "page-link", "aria-current": here ? "page" : false }, t(key));
  return [
    h("nav", { class: "pages", "aria-label": t("pages") }, link("/", "bench_link"), link("/board", "board", true), link("/wall", "wall")),
    h("span", { class: app.line ? "status" : "status off", id: "status", "data-waiting": "0" }, t(app.line ? "live" : "no_line_short")),
    h("button", { class: "who", id: "who", onclick: () => settings(app), "aria-label": (app.session?.person ? app.session.person + ", " : "") + t("settings") }, icon("person"), h("span", {}, app.session?.person ?? t("settings"))),
  ];
}

const figure = (key, number, kind) => h("li", { class: "figure " + (number ? kind : "") }, h("b", {}, String(number)), " ", h("span", {}, t(key)));

function figures() {
  const { today, shown } = app;
  return h("ul", { class: "day", "aria-label": t("today") },
    figure("n_late", today.late, "bad"), figure("n_due", today.due, "warn"), figure("n_owed", today.owed, ""), figure("n_done", today.done, ""), figure("n_shipped", today.shipped, ""),
    figure("n_scrap", today.scrap, ""), figure("n_printing", shown.printers.filter((one) => one.is.works).length, ""), figure("n_problems", shown.printers.filter((one) => one.is.problem).length, "warn"));
}

function notes() {
  return [
    !app.line && h("p", { class: "note off", id: "offline" }, t("no_line", { time: moment(app.since) })),
    !app.session?.person && h("p", { class: "note", id: "looks-only" }, t("looks_only"), " ", h("button", { class: "small", onclick: () => app.signIn() }, t("sign_in"))),
    app.session?.person && !app.plans && h("p", { class: "note", id: "no-planner" }, t("no_planner")),
  ];
}

function jump() {
  const to = (id, text) => h("button", { class: "small", onclick: () => document.getElementById(id).closest("section").scrollIntoView() }, text);
  return h("nav", { class: "jump", "aria-label": t("board") }, Object.entries(app.shown.columns).map(([name, cards]) => to("title-" + name, t("col_" + name) + " " + cards.length)),
    to("title-printers", t("printers")), to("title-plan", t("plan_title")));
}

function boardView() {
  if (!app.board) return [h("h1", {}, t("board")), h("p", { class: "note" }, t(app.line ? "loading" : "no_answer"))];
  return [
    h("div", { class: "board-head" }, h("h1", {}, t("board")), figures()),
    jump(),
    h("div", { class: "columns-of-board" }, Object.entries(app.shown.columns).map(([name, cards]) => column(app, name, cards))),
    printersView(app, app.shown.printers), planView(app),
  ];
}

function view() {
  if (!looks() || app.signing) return ["sign", signView(app)];
  return place()[1] ? ["story", storyView(app, place()[1])] : ["board", boardView()];
}

app.signIn = () => {
  app.signing = true;
  app.draw();
};

// Where things stand on the page, to know whether they moved.
const standing = () => new Map([...document.querySelectorAll("#view.board .piece, #view.board .plan")].map((one) => [one.id, one.getBoundingClientRect().top]));

function drawNow() {
  drawing = false;
  if (pressed || drag.isPressed()) return; // nothing moves under a finger; the drawing is made when it is lifted
  if (app.session?.person) app.signing = false;
  if (app.board) {
    app.shown = arrange(app);
    app.things = app.shown.things;
  }
  const [name, content] = view();
  const band = document.getElementById("band");
  band.hidden = !app.session?.training;
  band.textContent = t("training");
  document.title = (name === "story" ? t("story_of", { batch: place()[1] }) : t("board")) + " – flowd";
  document.body.classList.toggle("is-story", name === "story");
  const before = standing();
  fill(document.getElementById("top"), top());
  fill(document.getElementById("main"), [h("div", { class: "notes", id: "notes" }, name === "sign" ? [] : notes()), h("div", { id: "view", class: name }, content)]);
  for (const [id, at] of standing()) if (before.has(id) && Math.abs(before.get(id) - at) > 4) movedAt = performance.now();
  document.body.dataset.moved = String(movedAt);
}

function settle() {
  chooseLanguage(app.preferred("language"));
  document.documentElement.dataset.theme = app.preferred("theme") ?? "auto";
}

// ---- what comes ----

let soon = 0;
let last = 0;
// Soon after the first of many events, and then no more often than once a second.
function heard() {
  if (soon) return;
  soon = setTimeout(() => {
    soon = 0;
    last = Date.now();
    app.refresh();
    if (app.story) app.story.old = true;
  }, Math.max(150, 1000 - (Date.now() - last)));
}

function turned(line, at = Date.now()) {
  if (line === app.line) return;
  app.line = line;
  app.since = at;
  if (line) heard();
  app.draw();
}

function guard() {
  const up = () => {
    pressed = false;
    app.draw();
  };
  addEventListener("pointerdown", () => (pressed = true), true);
  addEventListener("pointerup", () => setTimeout(up, 0), true); // its click comes first
  addEventListener("pointercancel", up, true);
  addEventListener("click", (event) => {
    if (event.detail === 0 || !event.target.closest("#view.board") || performance.now() - movedAt > JUST_MS) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
}

async function start() {
  settle();
  guard();
  drag.listen(app);
  addEventListener("hashchange", () => {
    app.story = null;
    window.scrollTo(0, 0);
    app.draw();
    document.getElementById("main").focus();
  });
  addEventListener("resize", app.draw);
  document.addEventListener("visibilitychange", () => document.hidden || app.refresh());
  await begin();
  readPrinters();
  setInterval(app.draw, 30000); // times pass
}

// Who is here; asked until there is an answer.
async function begin() {
  try {
    app.took(await api.get("/session"));
    await app.refresh();
  } catch {
    turned(false);
    app.draw();
    setTimeout(begin, 2000);
  }
}

start();
