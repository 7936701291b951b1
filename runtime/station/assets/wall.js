// The wall: a screen in the shop that nobody touches, read from five meters. Problems are first and large; when the line is gone it says so over
// everything, for what it shows then is the past.
import * as api from "./api.js";
import { mark } from "./board_marks.js";
import { day, moment, span } from "./board_texts.js";
import { fill, h, icon } from "./dom.js";
import { follow } from "./live.js";
import { complaint, condition, inOrder } from "./printers.js";
import { chooseLanguage, t } from "./texts.js";
import { signView } from "./view_sign.js";

const EVERY_MS = 2000;
const DAY_MS = 24 * 3600 * 1000;

const app = {
  session: null, printers: null, today: null, ahead_ms: 0, good_ms: Date.now(), line: true,
  preferred: (name) => localStorage.getItem("flow-" + name),
  async signedIn(session) {
    app.took(session);
    await refresh();
  },
  took(session) {
    app.session = session;
    api.means(session?.mark);
    draw();
  },
  draw,
};

const looks = () => !!(app.session?.person || app.session?.tablet);

// ---- what is there ----

let again = 0;

async function refresh() {
  clearTimeout(again);
  if (looks()) {
    const today = day();
    try {
      const [printers, figures] = await Promise.all([api.get("/printers"), api.get("/today?day=" + today.name + "&since=" + today.since)]);
      app.printers = printers.items.map((printer) => ({ ...printer, is: condition(printer) })).sort(inOrder);
      app.ahead_ms = new Date(printers.now).getTime() - Date.now();
      app.today = figures;
      app.good_ms = Date.now();
      app.line = true;
    } catch (problem) {
      if (problem.status === 401) app.took({ ...app.session, person: undefined, tablet: undefined });
      else app.line = false;
    }
  }
  draw();
  again = setTimeout(refresh, EVERY_MS);
}

// ---- what is seen ----

const clock = () => Date.now() + app.ahead_ms;

function figure(key, number, kind) {
  return h("li", { class: number ? kind : "" }, h("b", {}, String(number)), h("span", {}, t(key)));
}

function head() {
  const { today, printers } = app;
  return h("header", { class: "wall-head", id: "wall-head" }, h("h1", {}, moment(clock(), clock())),
    today && h("ul", { class: "wall-day", "aria-label": t("today") }, figure("n_late", today.late, "bad"), figure("n_due", today.due, "warn"), figure("n_done", today.done, ""),
      figure("n_shipped", today.shipped, ""), figure("n_printing", printers.filter((one) => one.is.works).length, "good"), figure("n_failed", today.failed_prints, "")));
}

function stale() {
  return h("div", { class: "stale", role: "alert", id: "stale" }, mark("wire"), h("p", {}, h("strong", {}, t("stale_title")),
    h("span", {}, t("stale_since", { time: moment(app.good_ms) }), " (", span(Date.now() - app.good_ms), "). "), t("stale_below")));
}

// One that wants somebody has a line for each: which, what, how long, why.
function wrong(one, long) {
  return [h("p", { class: "wall-word" }, t("p_" + one.is.kind)), h("p", { class: "wall-long" }, long), h("p", { class: "wall-more" }, complaint(one, one.is) || (one.job ?? one.plate ?? ""))];
}

function well(one) {
  const works = one.is.works && one.percent !== undefined;
  const rest = works && one.remaining_s !== undefined ? t("remaining", { time: span(one.remaining_s * 1000) }) : one.is.works ? "" : complaint(one, one.is) || (one.loaded[0]?.material ?? "");
  return [h("p", { class: "wall-word" }, works ? t("done_percent", { n: one.percent }) : t("p_" + one.is.kind), rest && h("span", { class: "wall-more" }, " " + rest)),
    works && h("progress", { max: "100", value: one.percent, "aria-label": one.printer }, one.percent + " %")];
}

function tile(one) {
  const { is } = one;
  const long = is.since > clock() - 30 * DAY_MS ? t("since", { time: span(clock() - is.since) }) : ""; // a state that was never heard of has no beginning
  return h("li", { id: "wall-" + one.printer, class: "wall-tile " + (is.bad ? "bad" : is.warn ? "warn" : is.works ? "works" : is.kind) },
    h("p", { class: "wall-name" }, mark(is.mark), h("b", {}, one.printer)), is.problem ? wrong(one, long) : well(one));
}

// So many tiles in so much room: the columns that let the letters be largest. A tile is `letters` of its size wide and `lines` high.
function best(count, width, height, letters, lines) {
  let found = { size: 0, columns: 1, row: height };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const size = Math.min(width / columns / letters, height / rows / lines);
    if (size > found.size) found = { size, columns, row: height / rows };
  }
  return found;
}

const LETTERS = { bad: [10.3, 6.1], good: [9, 4.6] }; // of a tile: wide, high
const LARGER = 1.6; // what is wrong than what is well

// The room is shared so that the smallest letters are as large as can be, those of problems counting less by so much as they are to be larger.
function share(counts, width, height) {
  let found = null;
  for (let percent = counts.good ? 10 : 100; percent <= (counts.good ? 85 : 100); percent++) {
    const bad = best(counts.bad, width, (height * percent) / 100, ...LETTERS.bad);
    const good = best(counts.good, width, height - (height * percent) / 100, ...LETTERS.good);
    const worth = Math.min(bad.size / LARGER, counts.good ? good.size : Infinity);
    if (!found || worth > found.worth) found = { worth, bad, good };
  }
  return found;
}

function arrange(bad, good) {
  const taken = ["stale", "wall-head"].map((id) => document.getElementById(id)?.offsetHeight ?? 0).reduce((a, b) => a + b);
  const [width, height] = [window.innerWidth - 48, window.innerHeight - taken - (bad ? 56 : 90)];
  const parts = bad ? share({ bad, good }, width, height) : { good: best(good, width, height, ...LETTERS.good) };
  for (const name of ["bad", "good"]) {
    const { size, columns, row } = parts[name] ?? { size: 1, columns: 1, row: 1 };
    const letters = Math.min(size, 64);
    const set = (what, value) => document.documentElement.style.setProperty("--" + name + "-" + what, value);
    set("columns", String(columns));
    set("size", letters + "px");
    set("row", Math.min(row - letters / 2, 9 * letters) + "px"); // without the gap
  }
}

function wallView() {
  if (!app.printers) return [h("div", { id: "view" }, h("h1", {}, t("wall")), app.line ? h("p", { class: "note" }, t("wall_waits")) : stale())];
  const bad = app.printers.filter((one) => one.is.problem);
  const good = app.printers.filter((one) => !one.is.problem);
  return [h("div", { id: "view", class: app.line ? "wall" : "wall past" }, !app.line && stale(), head(),
    bad.length > 0 && h("section", { "aria-labelledby": "wall-bad" }, h("h2", { id: "wall-bad", class: "unseen-title" }, t("problems", { n: bad.length })), h("ul", { class: "wall-tiles of-bad" }, bad.map(tile))),
    h("section", { "aria-labelledby": "wall-good" }, h("h2", { id: "wall-good", class: bad.length || !app.printers.length ? "unseen-title" : "all-well" }, bad.length ? t("the_others") : app.printers.length ? [icon("tick"), " ", t("all_well")] : t("no_printers")),
      !app.printers.length && h("p", { class: "note" }, t("no_printers")), good.length > 0 && h("ul", { class: "wall-tiles of-good" }, good.map(tile))))];
}

function draw() {
  chooseLanguage(app.preferred("language"));
  document.documentElement.dataset.theme = app.preferred("theme") ?? "auto";
  document.title = t("wall") + " – flowd";
  const band = document.getElementById("band");
  band.hidden = !app.session?.training;
  band.textContent = t("training");
  fill(document.getElementById("main"), app.session && !looks() ? [h("div", { id: "view", class: "sign" }, signView(app))] : wallView());
  const bad = app.printers?.filter((one) => one.is.problem).length ?? 0;
  if (app.printers) arrange(bad, app.printers.length - bad);
}

async function start() {
  try {
    app.took(await api.get("/session"));
    await refresh();
  } catch {
    app.line = false;
    draw();
    setTimeout(start, EVERY_MS);
    return;
  }
  follow(() => {}, (line, at) => {
    if (!line && app.line) Object.assign(app, { line, good_ms: Math.min(app.good_ms, at) });
    draw();
  });
}

addEventListener("resize", draw);
setInterval(draw, 1000); // the clock, and how long it is since
start();
