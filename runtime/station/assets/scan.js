// A scanner is a keyboard that types fast and ends with Enter. What it reads is heard wherever the focus is.

const FAST_MS = 60; // between two characters; people need longer
let text = "";
let last = 0;

// From now on each scanned text is given to `heard`. A field that takes what is scanned by itself has data-scan.
export function listen(heard) {
  document.addEventListener("keydown", (event) => {
    const now = event.timeStamp;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      const scanned = text;
      const fast = now - last < FAST_MS * 2;
      text = "";
      if (scanned.length < 3 || !fast || event.target.dataset?.scan !== undefined) return;
      event.preventDefault(); // no button is pressed by it
      event.stopPropagation();
      if ("value" in event.target && event.target.value?.endsWith(scanned))
        event.target.value = event.target.value.slice(0, -scanned.length);
      heard(scanned.trim());
    } else if (event.key.length === 1) {
      text = now - last < FAST_MS ? text + event.key : event.key;
      last = now;
    }
  }, true);
}

// A sheet that asks for something gets what is scanned meanwhile, wherever the focus is.
export function into(field, text) {
  if (!field) return;
  field.value = text;
  field.form.requestSubmit();
}

// What a text means: the labels of `flowc build --only labels` say NUMBER;REVISION;SUBJECT;SUM, and kind;name;lot.
export function meaning(scanned) {
  const parts = scanned.split(";");
  if ((parts[0] === "material" || parts[0] === "item") && parts.length >= 3) return { what: parts[1], name: parts[2].trim() };
  if (parts.length === 4) {
    const [step, outcome] = parts[2].split("/");
    return outcome ? { step, outcome } : { sku: parts[2] };
  }
  const unit = /^(.+)\/(\d+)$/.exec(scanned);
  return unit ? { name: scanned, batch: unit[1], unit: Number(unit[2]) } : { name: scanned };
}
