// Units that wait for a decision of quality, and the lots that are on hold.
import { h, icon } from "./dom.js";
import { sheet } from "./sheet.js";
import { t } from "./texts.js";
import { back, loading, mayDo } from "./view_parts.js";

const nameOf = (unit) => unit.batch + "/" + unit.unit;
const alike = (a, b) => a.batch === b.batch && a.reason === b.reason && a.held_lot === b.held_lot && JSON.stringify(a.ways) === JSON.stringify(b.ways);

function decide(app, unit, others) {
  let why = "";
  let all = false;
  sheet(t("decide_on", { unit: nameOf(unit) }), (draw, close) => {
    const send = (way) => {
      app.put(...(all ? [unit, ...others] : [unit]).map((one) => ({ command: "dispose_unit", batch: one.batch, unit: one.unit, to: way.to, reason: why.trim() })));
      close();
    };
    const button = (way) => h("button", {
      type: "button", class: (way.title ? "outcome rework" : "big outcome " + (way.to === "scrap" ? "reject" : "pass")), disabled: !why.trim(), onclick: () => send(way),
    }, way.title ?? [t("way_" + way.to), h("small", {}, t("way_" + way.to + "_is"))]);
    const steps = unit.ways.filter((way) => way.title);
    return [
      h("p", { class: "state bad" }, icon("warn"), h("span", {}, unit.reason || t("no_reason"))),
      others.length > 0 && h("label", { class: "radio", for: "all-alike" },
        h("input", { type: "checkbox", id: "all-alike", checked: all, onchange: (event) => { all = event.target.checked; draw(); } }), t("decide_alike", { n: others.length })),
      h("label", { for: "why", class: "label" }, t("why_text")),
      h("input", { id: "why", value: why, autocomplete: "off", autofocus: true, oninput: (event) => { why = event.target.value; draw(); } }),
      h("div", { class: "choices" }, unit.ways.filter((way) => !way.title).map(button)),
      steps.length > 0 && h("p", { class: "label" }, t("way_step")),
      h("div", { class: "choices" }, steps.map(button)),
    ];
  });
}

function card(app, { name, item, gone }, all) {
  const decided = app.laid().find(({ command }) => command.command === "dispose_unit" && command.batch === item.batch && command.unit === item.unit);
  const over = gone || decided;
  const others = all.filter((one) => !one.gone && one.item !== item && alike(one.item, item)).map((one) => one.item);
  return h("li", { class: over ? "card gone" : "card", id: "unit-" + name },
    h("h2", {}, h("span", { class: "batch" }, name), " · " + item.title),
    h("p", {}, item.sku + " · " + (item.order ? t("for_order", { order: item.order }) + (item.customer ? ", " + item.customer : "") : t("for_stock"))),
    h("p", { class: "state bad" }, icon("warn"), h("span", {}, item.reason || t("no_reason"),
      item.stood && h("small", {}, t("stood_at", { step: item.stood })), item.held_lot && h("small", {}, t("waits_for_lot", { lot: item.held_lot })))),
    mayDo(app, "quality")
      ? h("button", { class: "big", disabled: Boolean(over), onclick: () => decide(app, item, others) }, over ? t("decided") : t("decide"))
      : h("p", { class: "missing" }, over ? t("decided") : t("quality_decides")));
}

function free(app, lot) {
  let why = "";
  sheet(t("free_lot", { lot: lot.lot }), (draw, close) => [
    h("p", { class: "state held" }, icon("lot"), h("span", {}, lot.reason || t("no_reason"), h("small", {}, t("in_units", { n: lot.units })))),
    h("p", {}, t("free_means")),
    h("form", { class: "form", onsubmit: (event) => {
      event.preventDefault();
      app.put({ command: "free_lot", lot: lot.lot, reason: why.trim() });
      close();
    } },
      h("label", { for: "why", class: "label" }, t("why_text")),
      h("input", { id: "why", value: why, autocomplete: "off", autofocus: true, oninput: (event) => { why = event.target.value; draw(); } }),
      h("button", { class: "primary big", id: "free", disabled: !why.trim() }, t("free"))),
  ]);
}

const isFreed = (app, lot) => app.laid().some(({ command }) => command.command === "free_lot" && command.lot === lot.lot);

function freeButton(app, lot) {
  if (isFreed(app, lot)) return h("small", {}, t("freed"));
  return mayDo(app, "quality") && h("button", { onclick: () => free(app, lot), "aria-label": t("free_lot", { lot: lot.lot }) }, t("free"), " …");
}

function heldLots(app, lots) {
  return h("section", { class: "card", "aria-labelledby": "held-title" }, h("h2", { id: "held-title" }, t("held_lots")),
    lots.length ? h("ul", {}, lots.map((lot) => h("li", { class: "state held", id: "lot-" + lot.lot }, icon("lot"),
      h("span", {}, h("b", {}, lot.lot), " (" + lot.title + "): " + (lot.reason || t("no_reason")), h("small", {}, t("in_units", { n: lot.units }))), freeButton(app, lot))))
      : h("p", {}, t("no_held_lots")));
}

export function quarantineView(app) {
  const units = app.desk && app.inPlace(app.desk.units, nameOf);
  return [back(t("desk_quarantine")),
    !units ? loading(app) : [
      units.length ? h("ul", { class: "queue" }, units.map((one) => card(app, one, units))) : h("p", { class: "note" }, t("nothing_in_quarantine")),
      heldLots(app, app.desk.lots)]];
}
