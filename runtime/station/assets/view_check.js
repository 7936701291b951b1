// Checks of a unit: measured, judged, corrected; and what happens with one that is not good.
import { h, icon } from "./dom.js";
import * as model from "./model.js";
import { sheet } from "./sheet.js";
import { t } from "./texts.js";

const command = (unit, check, values) =>
  check.part
    ? { command: "measure", unit: unit.unit, part: check.part, dimension: check.name, ...values }
    : { command: "judge_check", unit: unit.unit, check: check.name, ...values };

const reaction = (step) => step.reaction && h("p", { class: "reaction" }, icon("warn"), h("span", {}, step.reaction));

function whatNow(step) {
  const ways = step.routes.filter((route) => route.outcome !== "pass").map((route) =>
    t("outcome_" + route.outcome) + " (" + t("goes_to", { place: route.title ?? t("place_" + route.to) }) + ")");
  return [reaction(step), h("p", {}, t("what_now") + " " + ways.join(" / "))];
}

// A field for a reading: red as soon as what stands in it is out of the limits.
function measureForm(app, step, unit, check, reason, saved) {
  const id = "measure-" + unit.unit + "-" + model.checkName(check);
  const typed = app.typed[id] ?? "";
  const value = model.reading(typed);
  const out = typed && !Number.isNaN(value) && !model.isWithin(check, value);
  const save = (event) => {
    event.preventDefault();
    const text = app.typed[id] ?? "";
    if (Number.isNaN(model.reading(text))) {
      if (text.length > 2 && app.heard(text.trim())) app.typed[id] = ""; // a scanner read something else
      else app.say(t("no_number"));
      app.draw();
      return;
    }
    delete app.typed[id];
    app.enter(command(unit, check, { value: model.typed(text), ...(reason ? { reason } : {}) }));
    saved?.();
  };
  return h("form", { class: out ? "measure out" : "measure", onsubmit: save, id: "form-" + id },
    h("label", { for: id }, check.title, check.class && h("span", { class: "badge " + check.class }, check.class)),
    h("p", { class: "limits", id: id + "-limits" }, check.limits, check.gauge && h("small", {}, t("gauge") + ": " + check.gauge)),
    h("span", { class: "field" },
      h("input", {
        id, inputmode: "decimal", autocomplete: "off", value: typed, "data-next": "", "aria-describedby": id + "-limits " + id + "-out",
        "aria-invalid": out ? "true" : undefined, oninput: (event) => {
          app.typed[id] = event.target.value;
          app.draw();
        },
      }), check.unit && h("span", { class: "unit" }, check.unit), h("button", { class: "primary" }, t("save"))),
    h("div", { id: id + "-out", class: "out-now", role: "alert" }, out && [h("strong", {}, t("out_of_limits")), whatNow(step)]));
}

function judgeButtons(app, unit, check, reason, saved) {
  const say = (values) => {
    app.enter(command(unit, check, { ...values, ...(reason ? { reason } : {}) }));
    saved?.();
  };
  return h("div", { class: "choices defects" },
    h("button", { class: "primary big", "data-next": "", onclick: () => say({ good: 1 }) }, icon("tick"), t("good")),
    check.defects.length
      ? check.defects.map((defect) => h("button", { class: "defect", onclick: () => say({ good: 0, defect: defect.defect }) },
          defect.photos.slice(0, 1).map((address) => h("img", { src: address, alt: "", onerror: (event) => (event.target.hidden = true) })),
          h("b", {}, defect.title), defect.says && h("small", {}, defect.says)))
      : h("button", { class: "big", onclick: () => say({ good: 0 }) }, icon("cross"), t("not_good")));
}

// A sheet that asks why, and below it for what is right instead: `build` gets the reason as it is then.
export function correction(reasons, build) {
  let reason = reasons[0];
  sheet(t("correct"), (draw, close) => [
    h("fieldset", { class: "choices" }, h("legend", {}, t("correct_why")), reasons.map((text, i) =>
      h("label", { class: "radio", for: "why-" + i }, h("input", { type: "radio", name: "why", id: "why-" + i, checked: reason === text, onchange: () => { reason = text; draw(); } }), text))),
    build(() => reason, draw, close),
  ]);
}

function correct(app, step, unit, check) {
  correction([t("correct_typed"), t("correct_again")], (why, draw, close) => {
    const reason = why();
    return [check.part ? measureForm({ ...app, draw }, step, unit, check, reason, close)
      : [h("p", { class: "ask" }, check.text ?? check.title), judgeButtons(app, unit, check, reason, close)]];
  });
}

function judged(app, step, unit, check, good) {
  const value = unit.values?.[model.checkName(check)];
  return h("p", { class: good ? "state done" : "state bad" }, icon(good ? "tick" : "cross"),
    h("span", {}, check.title + ": ", h("b", {}, value ? value + (check.unit ? " " + check.unit : "") + " " : "", t(good ? "is_good" : "is_bad"))),
    h("button", { class: "small", onclick: () => correct(app, step, unit, check) }, t("correct")));
}

export function checkControl(app, step, unit, check) {
  const name = model.checkName(check);
  if (unit.good.includes(name)) return judged(app, step, unit, check, true);
  if (unit.bad.includes(name)) return judged(app, step, unit, check, false);
  if (check.part) return measureForm(app, step, unit, check);
  return h("div", { class: "judge", id: "judge-" + unit.unit + "-" + name },
    h("p", { class: "ask" }, check.text ?? check.title, check.class && h("span", { class: "badge " + check.class }, check.class)),
    judgeButtons(app, unit, check));
}

// ---- a unit that is not good ----

function reasonOf(unit, work) {
  return work.checks.filter((check) => unit.bad.includes(model.checkName(check))).map((check) => {
    const value = unit.values?.[model.checkName(check)];
    const defect = check.defects.find((one) => one.defect === unit.defects?.[check.name]);
    return defect?.title ?? (value ? check.title + " " + value + (check.unit ? " " + check.unit : "") + ", " + check.limits : check.title);
  }).join("; ");
}

export function badPanel(app, step, unit, work) {
  const reason = reasonOf(unit, work);
  return h("div", { class: "out-now panel", role: "alert", id: "bad-" + unit.unit },
    h("strong", {}, t("found_bad", { unit: unit.unit })), h("p", {}, reason), reaction(step),
    h("div", { class: "choices" }, model.otherOutcomes(step).map((route) =>
      h("button", {
        class: "big outcome " + route.outcome, "data-next": "",
        onclick: () => app.enter({ command: "leave_step", first: unit.unit, count: 1, outcome: route.outcome, reason }),
      }, t("outcome_" + route.outcome), h("small", {}, t("goes_to", { place: route.title ?? t("place_" + route.to) }),
        route.at_most ? ", " + t("at_most", { n: route.at_most }) : "")))));
}
