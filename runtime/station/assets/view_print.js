// What is printed: papers by the browser, labels at a label printer of the shop.
import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { sheet } from "./sheet.js";
import { t } from "./texts.js";

const paper = (address, text) => h("a", { class: "button big", href: "/api/v1" + address, target: "_blank", rel: "noopener" }, icon("page"), text);

// `papers` are [address, text]; `what` is what a label printer gets.
function printSheet(papers, what) {
  let printers = null;
  let said = "";
  let wrong = "";
  let busy = false;
  sheet(t("print"), (draw) => {
    const send = async (printer) => {
      if (busy) return;
      [busy, said, wrong] = [true, t("printing_at", { printer }), ""];
      draw();
      try {
        const { labels } = await api.post("/labels", { ...what, printer });
        said = t("printed", { n: labels, printer });
      } catch (problem) {
        said = "";
        wrong = problem.status === 0 ? t("no_answer") : problem.status === 409 ? t("printer_silent", { printer }) + " " + problem.message : problem.message;
      }
      busy = false;
      draw();
    };
    if (!printers) {
      printers = [];
      api.get("/label-printers").then(({ items }) => {
        printers = items;
        draw();
      }, () => {}); // without one there is the browser
    }
    return [
      h("div", { class: "choices prints" }, papers.map(([address, text]) => paper(address, text))),
      printers.length > 0 && h("p", { class: "label" }, t("labels_at")),
      h("div", { class: "choices prints" }, printers.map(({ printer, size }) =>
        h("button", { type: "button", class: "big", disabled: busy, onclick: () => send(printer) }, printer, h("small", {}, size)))),
      h("p", { class: wrong ? "wrong" : "ready", role: "status", id: "printed" }, wrong || said),
    ];
  });
}

const button = (open) => h("button", { class: "plain print", "aria-label": t("print"), onclick: open }, icon("printer"));

export function printBatch(step, runs) {
  const place = "/batches/" + encodeURIComponent(step.batch);
  const units = runs.length === 1 ? runs[0].first + "-" + (runs[0].first + runs[0].count - 1) : "";
  return button(() => printSheet(
    [[place + "/traveler.pdf", t("traveler")], [place + "/labels.pdf" + (units ? "?units=" + units : ""), t("unit_labels", { units })]],
    { batch: step.batch, ...(units ? { units } : {}) }));
}

export const printParcel = (parcel) =>
  button(() => printSheet([["/parcels/" + encodeURIComponent(parcel) + "/label.pdf", t("parcel_label")]], { parcel }));
