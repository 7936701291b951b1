// What the tablet keeps by itself: entries that wait to be sent, what was read last, what was ticked. In IndexedDB, so that neither
// a reload nor an empty battery loses it; where a browser has none (a private window), in memory.

const memory = { entries: new Map(), kept: new Map() };
let base = null;
let number = 0;

export function open() {
  return new Promise((done) => {
    let asked;
    try {
      asked = indexedDB.open("flow-bench", 1);
    } catch {
      done(false);
      return;
    }
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "number", autoIncrement: true });
      asked.result.createObjectStore("kept");
    };
    asked.onsuccess = () => {
      base = asked.result;
      base.onversionchange = () => base.close();
      done(true);
    };
    asked.onerror = () => done(false);
  });
}

// Resolves when it is on the disk.
function use(name, mode, work) {
  return new Promise((done, failed) => {
    const transaction = base.transaction(name, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(name));
    transaction.oncomplete = () => done(asked.result);
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

export async function addEntry(entry) {
  if (base) entry.number = await use("entries", "readwrite", (all) => all.add(entry));
  else memory.entries.set((entry.number = ++number), entry);
  return entry;
}

export async function putEntry(entry) {
  if (base) await use("entries", "readwrite", (all) => all.put(entry));
  else memory.entries.set(entry.number, entry);
}

export async function dropEntry(entry) {
  if (base) await use("entries", "readwrite", (all) => all.delete(entry.number));
  else memory.entries.delete(entry.number);
}

// In the order in which they were made.
export async function entries() {
  return base ? use("entries", "readonly", (all) => all.getAll()) : [...memory.entries.values()];
}

export async function keep(name, value) {
  if (base) await use("kept", "readwrite", (all) => all.put(value, name)).catch(() => {});
  else memory.kept.set(name, value);
}

export async function kept(name) {
  return base ? use("kept", "readonly", (all) => all.get(name)) : memory.kept.get(name);
}
