// Who works here: by PIN at a tablet of the shop, by password elsewhere; and how a tablet becomes one.
import * as api from "./api.js";
import { h, icon } from "./dom.js";
import { pinPad, sheet } from "./sheet.js";
import { language, t, texts } from "./texts.js";
import { saidOf } from "./view_parts.js";

const said = (problem) => (problem.status === 0 ? t("no_answer") : saidOf(problem));

export function askPin(app, person) {
  pinPad(person, async (pin) => {
    try {
      await app.signedIn(await api.post("/session", { person, pin }));
      return "";
    } catch (problem) {
      return said(problem);
    }
  });
}

function passwordForm(app) {
  let wrong = "";
  const enter = async (event) => {
    event.preventDefault();
    const [person, password] = ["person", "password"].map((name) => event.target.elements[name].value);
    try {
      await app.signedIn(await api.post("/session", { person, password }));
    } catch (problem) {
      wrong = said(problem);
      app.signWrong = wrong;
      app.draw();
    }
  };
  return h("form", { class: "card form", onsubmit: enter },
    h("label", { for: "person" }, t("name")), h("input", { id: "person", name: "person", autocomplete: "username", required: true }),
    h("label", { for: "password" }, t("password")),
    h("input", { id: "password", name: "password", type: "password", autocomplete: "current-password", required: true }),
    h("p", { class: "wrong", role: "alert" }, app.signWrong ?? ""),
    h("button", { class: "primary" }, t("sign_in")));
}

function setUp(app) {
  let wrong = "";
  sheet(t("set_up"), (draw, close) => [
    h("form", {
      class: "form",
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          app.took(await api.post("/session/tablet", { token: event.target.elements.token.value.trim() }));
          close();
        } catch (problem) {
          wrong = said(problem);
          draw();
        }
      },
    }, h("p", { id: "token-hint" }, t("tablet_hint")), h("label", { for: "token" }, t("tablet_token")),
      h("input", { id: "token", name: "token", autocomplete: "off", required: true, "data-scan": "", "aria-describedby": "token-hint" }),
      h("p", { class: "wrong", role: "alert" }, wrong), h("button", { class: "primary" }, t("trust"))),
  ]);
}

export function signView(app) {
  const people = app.session?.people;
  return [
    h("h1", {}, t("who")),
    app.wasSignedOut && h("p", { class: "note" }, t("signed_out")),
    people?.length
      ? h("ul", { class: "people" }, people.map((person) =>
          h("li", {}, h("button", { class: "person", onclick: () => askPin(app, person) }, icon("person"), h("span", {}, person)))))
      : people ? h("p", { class: "note" }, t("no_people")) : h("p", { class: "note" }, t("not_trusted")),
    people ? h("details", {}, h("summary", {}, t("by_password")), passwordForm(app)) : passwordForm(app),
    !people && h("p", {}, h("button", { onclick: () => setUp(app) }, t("set_up"))),
  ];
}

// ---- settings ----

function choice(id, label, value, options, chosen) {
  return [
    h("label", { for: id }, label),
    h("select", { id, onchange: (event) => chosen(event.target.value), value },
      options.map(([name, text]) => h("option", { value: name, selected: name === value }, text))),
  ];
}

export function settings(app) {
  sheet(t("settings"), (draw, close) => [
    h("div", { class: "form" },
      choice("language", t("language_label"), language(), Object.keys(texts).map((key) => [key, texts[key].language]), (value) => {
        app.prefer("language", value);
        close();
      }),
      choice("theme", t("theme"), app.preferred("theme") ?? "auto",
        ["auto", "light", "dark"].map((key) => [key, t("theme_" + key)]), (value) => app.prefer("theme", value)),
      location.pathname === "/" && h("p", { class: "choices" }, h("a", { class: "button", href: "/board" }, t("board")), h("a", { class: "button", href: "/wall" }, t("wall"))),
      app.session?.person && h("button", {
        class: "big", onclick: () => {
          close();
          app.signOut();
        },
      }, t("sign_out"))),
  ]);
}
