// Cards, and plates of the plan, are dragged by pointer: a mouse takes them anywhere at once; a finger takes a card by its handle, or whatever it
// has lain on for a moment, so that the page can still be scrolled. While something is dragged nothing is drawn anew; where it may fall stands
// below, in a dock over the page, so that nothing makes room and shifts.
import { mark } from "./board_marks.js";
import { fill, h } from "./dom.js";
import { t } from "./texts.js";

const FAR = 8; // px, from where on a press is a drag
const EDGE = 60; // px, near which the page scrolls along
const HOLD_MS = 400; // so long a finger lies still on what it lifts

let held = null; // what is pressed: {thing, x, y, id, waits}; `waits` while a finger has not lain there long enough
let ghost = null;
let dock = null;
let over = null;
let dropAt = 0; // a click that ends a drag is none

export const isDragging = () => ghost !== null;
export const isPressed = () => held !== null;

function show(app, thing) {
  ghost = h("div", { class: "ghost", "aria-hidden": "true" }, thing.kind === "next" ? t("planned_batch") : thing.name);
  const spot = (drop, ...content) => (app.dropped(thing, drop) ? h("span", { class: "spot", "data-drop": drop }, ...content) : false);
  dock = h("div", { class: "dock" });
  fill(dock, [
    spot("do:hold", mark(thing.held ? "play" : "pause"), thing.held ? t("drop_free") : t("drop_hold")), spot("do:split", mark("cut"), t("drop_split")),
    app.shown.printers.map((one) => spot(one.key, mark(one.is.mark), one.name)),
  ]);
  document.body.append(ghost, dock);
  document.body.classList.add("dragging");
}

function placeUnder(x, y) {
  for (const element of document.elementsFromPoint(x, y)) {
    const place = element.closest("[data-drop], [data-thing]");
    if (place) return place;
  }
  return null;
}

function move(app, event) {
  ghost.style.translate = event.clientX + 12 + "px " + (event.clientY + 12) + "px";
  const place = placeUnder(event.clientX, event.clientY);
  const drop = place && (place.dataset.drop ?? place.dataset.thing);
  const wanted = drop && app.dropped(held.thing, drop) ? place : null;
  if (over !== wanted) {
    over?.classList.remove("over");
    wanted?.classList.add("over");
    over = wanted;
  }
  const below = window.innerHeight - (dock?.offsetHeight ?? 0);
  if (event.clientY >= below) dock.scrollBy(0, event.clientY < below + EDGE ? -14 : event.clientY > window.innerHeight - EDGE ? 14 : 0);
  else if (event.clientY < EDGE) window.scrollBy(0, -14);
  else if (event.clientY > below - EDGE && event.clientY < below) window.scrollBy(0, 14);
}

// A finger has lain still: from now on it drags, and the page does not scroll under it.
function lift(app) {
  held.waits = 0;
  navigator.vibrate?.(20);
  show(app, held.thing);
  move(app, { clientX: held.x, clientY: held.y });
}

function end() {
  clearTimeout(held?.waits);
  ghost?.remove();
  dock?.remove();
  over?.classList.remove("over");
  document.body.classList.remove("dragging");
  ghost = dock = over = held = null;
}

export function listen(app) {
  document.addEventListener("pointerdown", (event) => {
    const card = event.target.closest("[data-drags]");
    const byHandle = event.target.closest("[data-handle]");
    const onControl = event.target.closest("button, a, input, select") && !byHandle;
    const thing = card && app.things.get(card.dataset.thing);
    if (held || !thing || event.button !== 0 || onControl) return;
    held = { thing, x: event.clientX, y: event.clientY, id: event.pointerId };
    if (event.pointerType !== "mouse" && !byHandle) held.waits = setTimeout(lift, HOLD_MS, app);
  });
  document.addEventListener("pointermove", (event) => {
    if (!held || event.pointerId !== held.id) return;
    if (!ghost && Math.hypot(event.clientX - held.x, event.clientY - held.y) < FAR) return;
    if (held.waits) { // it scrolls
      end();
      return;
    }
    if (!ghost) show(app, held.thing);
    event.preventDefault();
    move(app, event);
  });
  const let_go = (event) => {
    if (!held || event.pointerId !== held.id) return;
    const { thing } = held;
    const drop = over && (over.dataset.drop ?? over.dataset.thing);
    if (ghost) dropAt = event.timeStamp;
    end();
    if (event.type === "pointerup" && drop) app.drop(thing, drop);
    app.draw();
  };
  document.addEventListener("pointerup", let_go);
  document.addEventListener("pointercancel", let_go);
  document.addEventListener("click", (event) => {
    if (event.timeStamp - dropAt > 300) return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !ghost) return;
    end();
    app.say(t("put_back_down"));
    app.draw();
  });
  document.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("contextmenu", (event) => held && event.preventDefault()); // which a long touch would open
  document.addEventListener("touchmove", (event) => ghost && event.cancelable && event.preventDefault(), { passive: false });
}
