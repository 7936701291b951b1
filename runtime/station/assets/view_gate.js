// A signature at a gate: whoever signs types their PIN, whoever works at this tablet.
import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { pinPad, sheet } from "./sheet.js";
import { t } from "./texts.js";
import { saidOf } from "./view_parts.js";

function signAs(app, command, person) {
  pinPad(person, async (pin) => {
    try {
      await api.post("/signatures", { person, pin, command: { ...command, id: api.newId() } });
      app.say(t("recorded"));
      app.refresh();
      return "";
    } catch (problem) {
      return problem.status === 0 ? t("signature_online") : saidOf(problem);
    }
  });
}

// Who signs under a command, and what that means.
export function choosePerson(app, role, command, meaning) {
  const people = app.session?.people ?? [app.session?.person];
  sheet(t("sign_as"), (draw, close) => [
    h("p", { class: "large" }, meaning),
    h("p", {}, t("signed_by", { role })),
    h("ul", { class: "people" }, people.map((person) => h("li", {}, h("button", {
      class: "person", onclick: () => {
        close();
        signAs(app, command, person);
      },
    }, icon("person"), h("span", {}, person))))),
  ]);
}

function signGate(app, step, outcome) {
  const meaning = t("signature_means", { outcome: t("means_" + outcome) });
  choosePerson(app, step.role_title ?? "", { command: "sign_gate", batch: step.batch, step: step.step, outcome, meaning }, meaning);
}

export function gate(app, step) {
  return h("section", { class: "card", "aria-labelledby": "gate-title" }, h("h2", { id: "gate-title" }, t("requires")),
    h("ul", { class: "requires" }, step.requires.map((text) => h("li", {}, text))), h("p", {}, t("signed_by", { role: step.role_title ?? "" })),
    h("div", { class: "choices" }, step.routes.map((route) =>
      h("button", { class: route.outcome === "approve" ? "primary big" : "big", onclick: () => signGate(app, step, route.outcome) },
        icon(route.outcome === "approve" ? "tick" : "cross"), t("outcome_" + route.outcome)))));
}
