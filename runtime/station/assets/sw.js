// Over TLS (browsers allow it nowhere else) the page itself is there without the server, so that a reload in a dead corner of the
// shop shows what is kept. What the shop says always comes from the server.
const shelf = "flow-page";
const files = ["/", "/style.css", "/app.js", "/api.js", "/desk.js", "/dom.js", "/due.js", "/model.js", "/outbox.js", "/refusals.js", "/scan.js", "/sheet.js", "/store.js",
  "/texts.js", "/view_approvals.js", "/view_check.js", "/view_gate.js", "/view_parcels.js", "/view_parts.js", "/view_print.js", "/view_quarantine.js", "/view_queue.js",
  "/view_sign.js", "/view_step.js", "/icon.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(shelf).then((cache) => cache.addAll(files)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The newest, and where there is no answer the last one.
async function fetched(request) {
  const cache = await caches.open(shelf);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (problem) {
    const kept = await cache.match(request);
    if (kept) return kept;
    throw problem;
  }
}

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  const picture = address.pathname.includes("/files/") || address.pathname.includes("/parts/");
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (files.includes(address.pathname) || picture) event.respondWith(fetched(event.request));
});
