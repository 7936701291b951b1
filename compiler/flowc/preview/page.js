"use strict";
// What is shown follows from two things: the state that flowc tells, and the address behind the #, which says what the
// reader chose (product/tab/document). Texts of a spec become text nodes, never HTML.

const at = id => document.getElementById(id);
const TITLES = { instructions: "Instructions", diagram: "Diagram", packet: "Packet", labels: "Labels", forms: "Forms" };
const SHOWN = /\.(html|pdf|svg)$/;
let state = null;      // as /state.json has it
let shown = "";        // what stands in the panel: its address
let connected = false;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// ---- what was chosen ----

function decoded(word) {
  try { return decodeURIComponent(word); } catch { return word; }
}

function chosen() {
  const [product, tab, name] = location.hash.slice(1).split("/").map(decoded);
  const products = state ? state.products : [];
  const found = products.find(one => one.name === product) || products[0] || null;
  const tabs = tabsOf(found);
  const one = tabs.find(row => row.name === tab) || tabs[0];
  const names = one.documents || [];
  return { product: found, tabs, tab: one, document: names.find(row => row.name === name) || names[0] || null };
}

function choose(product, tab, name) {
  const words = [product ? product.name : "", tab, name].filter(word => word !== undefined);
  location.hash = words.map(encodeURIComponent).join("/");
}

// A tab for every output that can be looked at, in the order in which they are made; then what flowc says itself.
function tabsOf(product) {
  const tabs = [];
  for (const document of product ? product.documents : []) {
    const name = document.name.match(/^[a-z]+/i)[0].toLowerCase();
    if (!SHOWN.test(document.name) || (name === "diagram" && !document.name.endsWith(".svg")))
      continue;
    let tab = tabs.find(row => row.name === name);
    if (!tab)
      tabs.push(tab = { name, title: TITLES[name] || name[0].toUpperCase() + name.slice(1), documents: [] });
    tab.documents.push(document);
  }
  if (product)
    tabs.push({ name: "costs", title: "Costs", draw: drawCosts }, { name: "files", title: "Files", draw: drawFiles });
  tabs.push({ name: "findings", title: "Findings", draw: drawFindings });
  return tabs;
}

const addressOf = (product, document) =>
  `/files/${encodeURIComponent(product.name)}/${encodeURIComponent(document.name)}`;

// ---- the head of the page ----

const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
const sum = (list, key) => list.reduce((total, one) => total + one[key], 0);

function drawStatus() {
  const status = at("status");
  const is = !connected ? "gone" : !state || state.working ? "working" : "ready";
  if (status.dataset.is === is && is !== "ready")
    return;
  status.dataset.is = is;
  status.textContent = is === "gone" ? "flowc preview has ended; what you see may be old"
    : is === "working" ? "Making documents" : `Made in ${state.seconds} s`;
}

function drawBanner(product) {
  const file = product && state.files.find(one => one.path === product.file);
  const bad = file ? (file.failed ? [file] : []) : state.files.filter(one => one.failed);
  const banner = at("banner");
  banner.hidden = bad.length === 0;
  if (bad.length === 0)
    return;
  const what = bad[0].errors ? `has ${plural(bad[0].errors, "error")}` : "could not be made";
  const see = element("button", { type: "button", onclick: () => choose(product, "findings") }, "See what to do");
  banner.replaceChildren(`${bad[0].path} ${what}. `,
    product ? "The documents are the last good ones. " : "", see);
}

function drawTabs({ product, tabs, tab }) {
  const errors = sum(state.files, "errors"), warnings = sum(state.files, "warnings");
  at("tabs").replaceChildren(...tabs.map(row => {
    const button = element("button", { type: "button", role: "tab", id: "tab-" + row.name,
      tabIndex: row === tab ? 0 : -1, onclick: () => choose(product, row.name) }, row.title);
    button.setAttribute("aria-selected", row === tab);
    button.setAttribute("aria-controls", "panel");
    if (row.name === "findings" && errors + warnings)
      button.append(" ", element("span", { className: errors ? "count error" : "count" }, errors || warnings));
    return button;
  }));
  at("panel").setAttribute("aria-labelledby", "tab-" + tab.name);
  at("tab-" + tab.name).scrollIntoView({ block: "nearest", inline: "nearest" });
}

at("tabs").addEventListener("keydown", event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step)
    return;
  const { product, tabs, tab } = chosen();
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  choose(product, next.name);
  draw();
  at("tab-" + next.name).focus();
});

function drawChoices({ product, tab, document }) {
  const choices = at("choices");
  choices.hidden = !document;
  if (!document)
    return;
  const several = tab.documents.length > 1 ? tab.documents : [];
  choices.replaceChildren(...several.map(row => {
    const button = element("button", { type: "button", onclick: () => choose(product, tab.name, row.name) }, row.name);
    button.setAttribute("aria-pressed", row === document);
    return button;
  }), element("a", { href: addressOf(product, document), target: "_blank", rel: "noopener" }, "Open alone"));
}

// ---- documents ----

// The same place of a page that was drawn anew.
function keepScroll(frame, before) {
  if (!before)
    return;
  frame.addEventListener("load", () => {
    try { frame.contentWindow.scrollTo(before.x, before.y); } catch { /* a browser's PDF reader is its own */ }
  });
}

function scrollOf(frame) {
  try { return { x: frame.contentWindow.scrollX, y: frame.contentWindow.scrollY }; } catch { return null; }
}

function drawDocument(product, document) {
  const address = addressOf(product, document), versioned = `${address}?v=${document.version}`;
  if (shown === versioned)
    return;
  const content = at("content");
  const same = shown.split("?")[0] === address;
  shown = versioned;
  if (document.name.endsWith(".svg")) {
    const picture = element("img", { src: versioned, alt: `${document.name} of ${product.title}` });
    const old = content.firstElementChild;
    if (same && old) {
      old.firstElementChild.src = versioned;
      return;
    }
    const frame = element("div", { className: "picture" }, picture);
    picture.addEventListener("click", () => frame.classList.toggle("large"));
    content.replaceChildren(frame);
    return;
  }
  const old = content.querySelector("iframe");
  const frame = element("iframe", { title: `${document.name} of ${product.title}`, src: versioned });
  if (same && old && document.name.endsWith(".html"))
    keepScroll(frame, scrollOf(old));
  content.replaceChildren(frame);
}

// ---- what flowc says itself ----

function table(head, rows) {
  const row = (kind, cells, className = "") => element("tr", { className }, ...cells.map((cell, index) =>
    element(kind === "th" || index === 0 ? "th" : "td", { scope: kind === "th" ? "col" : index === 0 ? "row" : "" }, cell)));
  return element("div", { className: "wide" }, element("table", {},
    element("thead", {}, row("th", head)),
    element("tbody", {}, ...rows.map(({ cells, className }) => row("td", cells, className)))));
}

function costsOf(costs, one) {
  const priced = one.sheets.some(sheet => sheet.price);
  const rows = costs.kinds.map((kind, index) => ({ cells: [kind, ...one.sheets.map(sheet => sheet.kinds[index])] }))
    .filter(({ cells }) => cells.slice(1).some(text => /[1-9]/.test(text)));
  const line = (title, key, className) =>
    ({ className, cells: [title, ...one.sheets.map(sheet => sheet[key] || "\u2014")] });
  rows.push(line("a unit costs", "unit", "sum"));
  if (priced)
    rows.push(line("fees", "fees"), line("sells at", "price"),
      line("margin", "margin", one.sheets.some(sheet => /^-/.test(sheet.margin || "")) ? "bad" : "sum"));
  rows.push(line("all together cost", "total"));
  return table(["for a quantity of", ...one.sheets.map(sheet => sheet.quantity)], rows);
}

function drawCosts(product) {
  const costs = product.costs;
  if (!costs.skus.length || !costs.skus[0].sheets.length)
    return [element("p", { className: "empty" }, "There is no quantity to reckon with: neither a price nor a packet names one.")];
  const parts = costs.skus.map(one => element("section", {}, element("h2", {}, one.sku), costsOf(costs, one)));
  if (costs.sku_count > costs.skus.length)
    parts.push(element("p", { className: "empty" },
      `The first ${costs.skus.length} of ${costs.sku_count} SKUs; \`flowc cost\` has the others.`));
  return parts;
}

function drawFiles(product) {
  const size = bytes => bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB`
    : `${(bytes / 1048576).toFixed(1)} MB`;
  return [table(["file", "size"], product.documents.map(document =>
    ({ cells: [element("a", { href: addressOf(product, document), download: document.name }, document.name),
      size(document.size)] })))];
}

// The colors of a terminal, as flowc drew them.
function colored(text) {
  const out = element("pre");
  let classes = "";
  for (const piece of text.split(/(\x1b\[[0-9;]*m)/)) {
    const codes = piece.match(/^\x1b\[([0-9;]*)m$/);
    if (codes)
      classes = codes[1].split(";").filter(code => code && code !== "0").map(code => "c" + code).join(" ");
    else if (piece)
      out.append(classes ? element("span", { className: classes }, piece) : piece);
  }
  return out;
}

function drawFindings() {
  const said = state.files.filter(one => one.findings || one.messages);
  if (!said.length)
    return [element("p", { className: "empty" }, `${plural(state.files.length, "file")}, and nothing to find fault with.`)];
  return said.map(one => element("section", {}, element("h2", {}, one.path), colored(one.findings + one.messages)));
}

// ---- all of it ----

function draw() {
  drawStatus();
  if (!state)
    return;
  const now = chosen();
  document.title = now.product ? `${now.product.title} \u2013 flow preview` : "flow preview";
  at("title").textContent = now.product ? now.product.title : "flow preview";
  at("products").hidden = state.products.length < 2;
  at("title").hidden = state.products.length >= 2; // the list of them says it
  at("product").replaceChildren(...state.products.map(one =>
    element("option", { value: one.name, selected: one === now.product }, one.title)));
  drawBanner(now.product);
  drawTabs(now);
  drawChoices(now);
  if (now.document) {
    drawDocument(now.product, now.document);
    return;
  }
  const content = at("content"), here = `${now.product ? now.product.name : ""}/${now.tab.name}`;
  const top = shown === here ? content.scrollTop : 0;
  shown = here;
  content.replaceChildren(element("div", { className: "sheet" }, ...now.tab.draw(now.product)));
  content.scrollTop = top;
}

async function ask() {
  const answer = await fetch("/state.json");
  state = await answer.json();
  draw();
}

at("product").addEventListener("change", event =>
  choose({ name: event.target.value }, chosen().tab.name));
addEventListener("hashchange", draw);
const news = new EventSource("/events");
news.onopen = () => { connected = true; ask(); };
news.onmessage = () => ask();
news.onerror = () => { connected = false; drawStatus(); };
