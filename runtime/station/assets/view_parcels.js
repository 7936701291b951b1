// Packing: which finished units of an order go into which parcel, one scan after the other; what does not belong there is refused
// aloud.
import * as api from "./api.js";
import { h, icon } from "./dom.js";
import * as model from "./model.js";
import { sheet } from "./sheet.js";
import { t } from "./texts.js";
import { back, loading } from "./view_parts.js";
import { printParcel } from "./view_print.js";
import { dueBadge } from "./due.js";

const address = (order) => "#//parcels/" + encodeURIComponent(order);
const nameOf = (unit) => unit.batch + "/" + unit.unit;

// ---- the order as it is with the entries that wait ----

function withEntries(app, order) {
  const copy = structuredClone(order);
  for (const { command } of app.laid())
    for (const line of copy.lines)
      for (const unit of line.units) {
        if (!["pack_units", "unpack_units"].includes(command.command) || unit.batch !== command.batch || unit.unit < command.first ||
            unit.unit >= command.first + command.count) continue;
        const packs = command.command === "pack_units";
        line.packed += packs - Boolean(unit.parcel);
        unit.parcel = packs ? command.parcel : undefined;
      }
  for (const { command } of app.laid())
    if (command.command === "ship_parcel") {
      copy.shippedNow = command.parcel;
      for (const line of copy.lines) {
        const gone = line.units.filter((unit) => unit.parcel === command.parcel);
        line.units = line.units.filter((unit) => !gone.includes(unit));
        line.packed -= gone.length;
        line.owed -= gone.length;
      }
      copy.parcels = copy.parcels.map((parcel) => (parcel.parcel === command.parcel ? { ...parcel, shipped: true } : parcel));
    }
  return copy;
}

// The one that is looked at; when all of it has left it is still shown.
function orderOf(app) {
  const wanted = app.place()[3];
  if (!wanted || !app.desk) return null;
  const found = app.desk.orders.find((one) => one.order === wanted);
  if (found) app.packing = found;
  if (app.packing?.order !== wanted) return null;
  return withEntries(app, found ?? { ...app.packing, lines: [], parcels: [] });
}

// The one that is open, else the next number of the order.
function parcelOf(order) {
  const names = new Set(order.parcels.map((parcel) => parcel.parcel));
  const inUse = order.lines.flatMap((line) => line.units).map((unit) => unit.parcel).find(Boolean);
  const open = inUse ?? order.parcels.find((parcel) => !parcel.shipped)?.parcel;
  let number = 1;
  while (names.has(order.order + "-" + number) || order.shippedNow === order.order + "-" + number) number++;
  return open ?? order.order + "-" + number;
}

const room = (line) => line.owed - line.packed;
const free = (line) => line.units.filter((unit) => !unit.parcel).slice(0, Math.max(room(line), 0));

function pack(app, order, line, units) {
  const parcel = parcelOf(order);
  const batches = [...new Set(units.map((unit) => unit.batch))];
  app.packWrong = null;
  app.put(...batches.flatMap((batch) => model.runs(units.filter((unit) => unit.batch === batch).map((unit) => unit.unit)).map((run) =>
    ({ command: "pack_units", parcel, order: order.order, line: line.line, batch, ...run }))));
}

// ---- what is scanned ----

// Whoever packs looks at the box and not at the tablet.
function alarm() {
  navigator.vibrate?.([200, 100, 200]);
  try {
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    tone.type = "square";
    tone.frequency.value = 220;
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + 0.4);
    tone.onended = () => sound.close();
  } catch {
    // a device without sound
  }
}

const wantedText = (order) => order.lines.filter((line) => free(line).length || room(line) > 0).map((line) => room(line) + " × " + line.sku).join(", ");

function refuse(app, order, text) {
  const wanted = wantedText(order);
  app.packWrong = { text, wanted: wanted ? t("pack_wants", { order: order.order, list: wanted }) : t("pack_whole", { order: order.order }) };
  alarm();
  app.draw();
  return true;
}

// A unit that is not this order's: whose it is, and what it is.
async function refuseUnit(app, order, name, batch, number) {
  let found = null;
  try {
    const page = await api.get("/batches/" + encodeURIComponent(batch) + "/units?from=" + (number - 1) + "&limit=1");
    found = page.items.find((unit) => unit.number === number);
  } catch {
    // it is said as far as it is known here
  }
  if (!found) return refuse(app, order, t("pack_unknown", { unit: name }));
  const whose = found.order ? t("for_order", { order: found.order }) : t("for_stock");
  const key = found.shipped ? "pack_shipped" : found.at !== "done" ? "pack_unfinished" : "pack_other";
  return refuse(app, order, t(key, { unit: name, sku: found.sku, whose }));
}

function packScanned(app, order, said) {
  const line = order.lines.find((one) => (said.sku ? one.sku === said.sku : one.units.some((unit) => nameOf(unit) === said.name)));
  const unit = line && (said.sku ? free(line)[0] : line.units.find((one) => nameOf(one) === said.name));
  if (said.sku && !line) return refuse(app, order, t("pack_wrong_sku", { sku: said.sku }));
  if (said.sku && !unit) return refuse(app, order, t("pack_enough", { sku: said.sku }));
  if (!unit) return refuseUnit(app, order, said.name, said.batch, said.unit);
  if (unit.parcel) return refuse(app, order, t("pack_again", { unit: nameOf(unit), parcel: unit.parcel }));
  if (room(line) < 1) return refuse(app, order, t("pack_enough", { sku: line.sku }));
  pack(app, order, line, [unit]);
  return true;
}

// True where it meant something here: an order, a parcel, a unit, a label of a SKU.
export function heardParcels(app, said) {
  const order = orderOf(app);
  const other = app.desk?.orders?.find((one) => one.order === said.name || one.parcels.some((parcel) => parcel.parcel === said.name) ||
    (!order && one.lines.some((line) => line.units.some((unit) => nameOf(unit) === said.name))));
  if (other && other.order !== order?.order) {
    location.hash = address(other.order);
    return true;
  }
  return Boolean(order && (said.sku || said.unit) && packScanned(app, order, said));
}

// ---- showing ----

function takeOut(app, parcel, unit) {
  let why = "";
  sheet(t("take_out", { unit: nameOf(unit) }), (draw, close) => [
    h("label", { for: "why" }, t("why_text")),
    h("input", { id: "why", value: why, autocomplete: "off", autofocus: true, oninput: (event) => { why = event.target.value; draw(); } }),
    h("div", { class: "choices" }, h("button", { type: "button", class: "primary big", disabled: !why.trim(), onclick: () => {
      app.put({ command: "unpack_units", parcel, batch: unit.batch, first: unit.unit, count: 1, reason: why.trim() });
      close();
    } }, t("take_out_now"))),
  ]);
}

function packLine(app, order, line) {
  const units = free(line);
  return h("li", { class: room(line) > 0 ? "card" : "card done", id: "line-" + line.line },
    h("p", { class: "task-head" }, h("strong", {}, line.sku), h("span", { class: "count" }, t("packed_of", { n: line.packed, owed: line.owed }))),
    h("p", {}, line.title),
    h("p", { class: room(line) > 0 ? "task-wants" : "ready" }, room(line) < 1 ? t("line_whole") : t("finished_here", { n: units.length })),
    h("div", { class: "choices" },
      h("button", { disabled: !units.length, onclick: () => pack(app, order, line, units.slice(0, 1)) }, t("pack_one")),
      h("button", { disabled: units.length < 2, onclick: () => pack(app, order, line, units) }, t("pack_all", { n: units.length }))));
}

function parcelCard(app, order) {
  const parcel = parcelOf(order);
  const inside = order.lines.flatMap((line) => line.units.filter((unit) => unit.parcel === parcel).map((unit) => ({ ...unit, sku: line.sku })));
  const ship = (event) => {
    event.preventDefault();
    const [carrier, service, tracking] = ["carrier", "service", "tracking"].map((name) => event.target.elements[name].value.trim());
    app.put({ command: "ship_parcel", parcel, carrier, service, tracking });
    event.target.reset();
  };
  const field = (name) => [h("label", { for: name }, t(name)), h("input", { id: name, name, autocomplete: "off", "data-own": "", "data-scan": name === "tracking" ? "" : undefined })];
  return h("section", { class: "card", "aria-labelledby": "parcel-title", id: "parcel" },
    h("div", { class: "sheet-head" }, h("h2", { id: "parcel-title" }, t("parcel", { parcel }) + " · " + t("units", { n: inside.length })), inside.length > 0 && printParcel(parcel)),
    h("div", { class: "chips" }, inside.map((unit) => h("button", { class: "chip good", "aria-label": t("take_out", { unit: nameOf(unit) }), onclick: () => takeOut(app, parcel, unit) },
      icon("tick"), nameOf(unit)))),
    h("details", { id: "ship" }, h("summary", { class: "primary" }, t("ship")),
      h("form", { class: "form", onsubmit: ship }, ["carrier", "service", "tracking"].map(field),
        h("button", { class: "primary big", disabled: !inside.length }, icon("tick"), t("ship_now", { parcel })))));
}

function packing(app, order) {
  const wrong = app.packWrong;
  return [
    h("div", { class: "step-head" }, h("a", { class: "button plain", href: "#//parcels", "aria-label": t("back") }, icon("back")),
      h("div", {}, h("h1", {}, t("for_order", { order: order.order })), h("p", {}, order.customer ?? "", dueBadge(order.due)))),
    h("form", { class: "find", onsubmit: (event) => app.found(event) }, icon("scan"), h("label", { for: "scan" }, t("pack_scan")),
      h("input", { id: "scan", name: "scan", autocomplete: "off", "data-scan": "" }), h("button", {}, t("pack_in"))),
    h("div", { id: "pack-wrong", class: wrong ? "out-now panel" : "pack-right", role: "alert" },
      wrong ? [h("strong", {}, icon("cross"), " " + wrong.text), h("p", {}, wrong.wanted), h("button", { onclick: () => { app.packWrong = null; app.draw(); } }, t("understood"))]
        : h("p", {}, wantedText(order) ? t("pack_wants", { order: order.order, list: wantedText(order) }) : t("pack_whole", { order: order.order }))),
    !order.lines.length ? h("p", { class: "note large" }, icon("tick"), t("has_left"))
      : h("div", { class: "columns" }, h("ul", { class: "pack-lines" }, order.lines.map((line) => packLine(app, order, line))), parcelCard(app, order)),
  ];
}

function orderCard(app, { name, item, gone }) {
  const units = item.lines.flatMap((line) => line.units).length;
  return h("li", { id: "order-" + name, class: gone ? "gone" : undefined },
    h("a", { class: "task card", href: address(name) },
      h("span", { class: "task-head" }, h("strong", {}, t("for_order", { order: name })), h("span", { class: "count" }, t("units", { n: gone ? 0 : units }))),
      h("span", { class: "task-what" }, item.customer ?? "", dueBadge(item.due)),
      h("span", { class: "task-wants" }, gone ? t("has_left") : item.lines.map((line) => t("packed_of", { n: line.packed, owed: line.owed }) + " " + line.sku).join(", "))));
}

const inOrder = (a, b) => (a.due || "9").localeCompare(b.due || "9") || a.order.localeCompare(b.order, undefined, { numeric: true });

export function parcelsView(app) {
  const order = orderOf(app);
  if (order) return packing(app, order);
  const orders = app.desk && app.inPlace([...app.desk.orders].sort(inOrder), (one) => one.order);
  return [back(t("desk_parcels")),
    h("form", { class: "find", onsubmit: (event) => app.found(event) }, icon("scan"), h("label", { for: "scan" }, t("parcel_scan")),
      h("input", { id: "scan", name: "scan", autocomplete: "off", "data-scan": "" }), h("button", {}, t("open"))),
    !orders ? loading(app) : orders.length ? h("ul", { class: "queue" }, orders.map((one) => orderCard(app, one))) : h("p", { class: "note" }, t("nothing_to_pack"))];
}
