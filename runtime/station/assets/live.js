// What happens, as it happens. Read by hand rather than by EventSource: that one hides the server's sign of life, and a board must know
// at once that it shows the past.

const SILENCE_MS = 25000; // the server says something every ten seconds

// `heard` gets each event; `turned` is told whether the line is there, and when it was heard last. Begins at once, and never ends.
export function follow(heard, turned) {
  let last = "";
  let stop = null;
  let pause = 500;
  let at = Date.now(); // when it was heard last

  async function read(stream, alive) {
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      alive();
      const blocks = (text + piece.value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const id = /^id: (\d+)$/m.exec(block);
        const data = /^data: (.*)$/m.exec(block);
        if (id) last = id[1];
        if (data) heard(JSON.parse(data[1]));
      }
    }
  }

  async function once() {
    stop = new AbortController();
    let timer = 0;
    timer = setTimeout(() => stop.abort(), SILENCE_MS);
    const alive = () => {
      at = Date.now();
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), SILENCE_MS);
    };
    try {
      const answer = await fetch("/api/v1/events/stream", { signal: stop.signal, headers: last ? { "Last-Event-ID": last } : {} });
      if (!answer.ok) {
        if (answer.status === 400) last = ""; // another shop, or one of a backup: begin with what is
        throw new Error(String(answer.status));
      }
      pause = 500;
      alive();
      turned(true, at);
      await read(answer.body, alive);
    } catch {
      // said below
    } finally {
      clearTimeout(timer);
    }
    turned(false, at);
    setTimeout(once, pause);
    pause = Math.min(pause * 2, 5000);
  }
  once();
  return () => stop.abort(); // from the beginning: somebody else asks now
}
