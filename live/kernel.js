// The page's side of Python: one worker, its messages, and what to do when it must be stopped.

export class Kernel {
  // heard: { message(m), progress(share, text), failed(text), ready(seconds) }
  constructor(heard, kind = "") {
    this.heard = heard;
    this.kind = kind; // "&notebook": Python serves a notebook, not a page
    this.asked = new Map();
    this.count = 0;
  }

  start() {
    const started = performance.now();
    this.ready = new Promise((done) => {
      this.worker = new Worker(new URL(`worker.js?v=${LIVE_VERSION}${this.kind}`, import.meta.url), { type: "module" });
      this.worker.onmessage = ({ data }) => {
        if (data.type === "ready") {
          this.heard.ready((performance.now() - started) / 1000);
          done();
        } else if (data.type === "progress") this.heard.progress(data.share, data.text);
        else if (data.type === "failed") this.heard.failed(data.text);
        else if (data.type === "answer") this.#settle(data.number, data.value);
        else this.heard.message(JSON.parse(data.message));
      };
      this.worker.onerror = () => this.heard.failed("Python's worker could not be loaded. Are you online?");
    });
    return this.ready;
  }

  // Each resolves when Python has dealt with it, and with null if Python was stopped before.
  execute(run, source, hidden) {
    return this.#ask({ type: "execute", run, source, hidden });
  }

  needs(source, above) {
    return this.#ask({ type: "needs", source, above: JSON.stringify(above) });
  }

  complete(source, place) {
    return this.#ask({ type: "complete", source, place });
  }

  explain(source, place) {
    return this.#ask({ type: "explain", source, place });
  }

  comm(message) {
    return this.#ask({ type: "comm", message: JSON.stringify(message) });
  }

  forget() {
    return this.#ask({ type: "forget" });
  }

  // There is no way to interrupt WebAssembly without special headers: end the worker.
  stop() {
    this.worker?.terminate();
    for (const number of this.asked.keys()) this.#settle(number, null);
  }

  #ask(message) {
    const number = ++this.count;
    return new Promise((done) => {
      this.asked.set(number, done);
      this.worker?.postMessage({ ...message, number });
    });
  }

  #settle(number, value) {
    this.asked.get(number)?.(value);
    this.asked.delete(number);
  }
}
