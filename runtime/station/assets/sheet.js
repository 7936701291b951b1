// Questions that are asked over the page: the PIN, a reason, the settings.
import { h, fill, icon } from "./dom.js";
import { t } from "./texts.js";

// `build` makes the content anew whenever its `draw` is called. Returns what closes it.
export function sheet(title, build) {
  const box = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title" });
  const close = () => box.close();
  const draw = () =>
    fill(box, [
      h("div", { class: "sheet-head" }, h("h2", { id: "sheet-title" }, title),
        h("button", { type: "button", class: "plain", "aria-label": t("close"), onclick: close }, icon("cross"))),
      ...build(draw, close),
    ]);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  draw();
  box.showModal();
  return close;
}

// Six digits at most are seen as dots; `enter` gets what was typed, and returns what was wrong, "" for nothing.
export function pinPad(person, enter) {
  let typed = "";
  let wrong = "";
  let busy = false;
  return sheet(t("pin_of", { person }), (draw, close) => {
    const press = (digit) => {
      typed = digit === "" ? typed.slice(0, -1) : (typed + digit).slice(0, 12);
      wrong = "";
      draw();
    };
    const done = async (event) => {
      event.preventDefault();
      if (busy || !typed) return;
      busy = true;
      wrong = await enter(typed);
      busy = false;
      typed = "";
      if (wrong) draw();
      else close();
    };
    const key = (digit) => h("button", { type: "button", class: "key", onclick: () => press(digit) }, digit);
    const field = h("input", {
      id: "pin", type: "password", inputmode: "none", autocomplete: "off", value: typed, maxlength: "12", autofocus: true,
      "aria-label": t("pin"), "aria-describedby": "pin-wrong", oninput: (event) => (typed = event.target.value.replace(/\D/g, "")),
    });
    const there = document.getElementById("pin");
    if (there) there.value = typed;
    return [
      h("form", { class: "pin", onsubmit: done }, field,
        h("p", { id: "pin-wrong", class: "wrong", role: "alert" }, wrong),
        h("div", { class: "keys" }, [..."123456789"].map(key),
          h("button", { type: "button", class: "key", "aria-label": t("delete_digit"), onclick: () => press("") }, "⌫"), key("0"),
          h("button", { class: "key primary", "aria-label": t("sign_in") }, icon("tick")))),
    ];
  });
}
