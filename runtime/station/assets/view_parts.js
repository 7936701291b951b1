// What several pages show alike.
import { h, icon } from "./dom.js";
import { refusalText } from "./refusals.js";
import { t } from "./texts.js";

export const back = (title, ...more) =>
  h("div", { class: "step-head" }, h("a", { class: "button plain", href: "#/", "aria-label": t("back") }, icon("back")), h("div", {}, h("h1", {}, title), more));

export const loading = (app) => h("p", { class: "note" }, t(app.failed ? "no_answer" : "loading"));

// What is wrong, in the page's language as far as that can be told.
export const saidOf = (problem) =>
  problem.status === 401 ? t("pin_wrong") : problem.status === 429 && problem.wait ? t("pin_wait", { n: problem.wait }) : refusalText(problem.message, problem.said).text;

export const mayDo = (app, ...roles) => {
  const own = (app.session?.roles ?? "").split(",");
  return own.includes("admin") || roles.some((role) => own.includes(role));
};
