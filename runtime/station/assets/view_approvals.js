// Samples that wait for a signature before production may begin.
import { h, icon } from "./dom.js";
import { back, loading } from "./view_parts.js";
import { clock, day, t } from "./texts.js";
import { choosePerson } from "./view_gate.js";

const readable = (time) => day(time.slice(0, 10)) + " " + clock(time);

function approval(app, sample, one) {
  if (one.by)
    return h("li", { class: "state done", id: "approval-" + sample.product + "-" + one.name }, icon("tick"),
      h("span", {}, one.title + ": ", h("b", {}, t("approved_by", { person: one.by, role: one.role_title, time: readable(one.time) }))));
  const command = { command: "approve_sample", product: sample.product, name: one.name, meaning: t("approval_means") };
  return h("li", { class: "state", id: "approval-" + sample.product + "-" + one.name }, icon("clock"), h("span", {}, one.title + " (" + one.role_title + ")"),
    h("button", { class: "primary", disabled: sample.finished < sample.wanted, onclick: () => choosePerson(app, one.role_title, command, t("approval_means")) },
      icon("tick"), t("approve")));
}

function card(app, { name, item, gone }) {
  return h("li", { class: gone ? "card gone" : "card", id: "sample-" + name },
    h("h2", {}, item.title + (item.revision ? " " + item.revision : "")),
    gone ? h("p", { class: "ready" }, icon("tick"), t("approved_all"))
      : h("p", { class: item.finished < item.wanted ? "missing" : "ready" }, t("sample_finished", { n: item.finished, wanted: item.wanted })),
    item.batches.length > 0 && h("p", { class: "choices" }, item.batches.map((batch) =>
      h("a", { class: "button small", href: "/api/v1/batches/" + encodeURIComponent(batch) + "/record.pdf", target: "_blank", rel: "noopener" },
        icon("page"), t("record_of", { batch })))),
    h("ul", {}, item.approvals.map((one) => (gone && !one.by ? false : approval(app, item, one)))));
}

export function approvalsView(app) {
  const samples = app.desk && app.inPlace(app.desk.products, (one) => one.product);
  return [back(t("desk_approvals")),
    !samples ? loading(app) : samples.length ? h("ul", { class: "queue" }, samples.map((one) => card(app, one))) : h("p", { class: "note" }, t("nothing_to_approve"))];
}
