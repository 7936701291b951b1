// Elements by function, and a page that is drawn anew without losing what is typed or focused. Text goes in as text only: nothing
// that a spec, an order or a note says can become markup.

const svgSpace = "http://www.w3.org/2000/svg";
const handlers = ["onclick", "oninput", "onchange", "onsubmit", "onkeydown", "onerror"];

export function h(name, attributes, ...children) {
  const element = name === "svg" || name === "path" ? document.createElementNS(svgSpace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (handlers.includes(key)) element[key] = value;
    else if (key === "value") element.value = value;
    else if (key === "checked") element.checked = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(9))
    if (child !== undefined && child !== null && child !== false) element.append(child);
  return element;
}

function copy(from, to) {
  for (const name of to.getAttributeNames())
    if (from.getAttribute(name) !== to.getAttribute(name)) from.setAttribute(name, to.getAttribute(name));
  for (const name of from.getAttributeNames())
    if (!to.hasAttribute(name) && !(name === "open" && from.tagName === "DETAILS")) from.removeAttribute(name); // what was opened stays so
  for (const name of handlers) from[name] = to[name] ?? null;
  if (from.tagName === "INPUT" && (from.type === "checkbox" || from.type === "radio")) from.checked = to.checked;
  else if ("value" in from && from.tagName !== "BUTTON" && from.tagName !== "LI" && document.activeElement !== from &&
           from.value !== to.value && from.dataset.own === undefined)
    from.value = to.value;
}

const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");

function morph(from, to) {
  if (from.nodeType === Node.TEXT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  fill(from, [...to.childNodes]); // before its value: that of a select is one of its options
  copy(from, to);
}

// Makes the children of an element these, and keeps those that are alike: an id is looked for, the others go by their place.
export function fill(parent, wanted) {
  wanted = wanted.flat(9).filter((child) => child !== undefined && child !== null && child !== false)
    .map((child) => (typeof child === "string" ? document.createTextNode(child) : child));
  let at = parent.firstChild;
  for (const child of wanted) {
    let found = at;
    if (child.id && !(at && alike(at, child)))
      for (found = at; found && !alike(found, child); found = found.nextSibling);
    if (found && alike(found, child)) {
      while (at !== found) {
        const gone = at;
        at = at.nextSibling;
        gone.remove();
      }
      at = found.nextSibling;
      morph(found, child);
    } else parent.insertBefore(child, at);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

let saying = 0;

// For a moment, and to a screen reader.
export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.className = "shown";
  clearTimeout(saying);
  saying = setTimeout(() => (place.className = ""), 4000);
}

const paths = {
  back: "M15 5l-7 7 7 7",
  tick: "M5 13l4 4 10-11",
  cross: "M6 6l12 12M18 6L6 18",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18",
  warn: "M12 9v5M12 17v.5M12 3L2.5 20h19L12 3",
  person: "M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8M4 21c1-5 4-6 8-6s7 1 8 6",
  lot: "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
  page: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  printer: "M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z",
  scan: "M4 8V5h3M17 5h3v3M20 16v3h-3M7 19H4v-3M8 8v8M11 8v8M13.5 8v8M16 8v8",
};

export function icon(name) {
  return h("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, h("path", { d: paths[name] }));
}
