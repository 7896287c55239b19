// A live page: its cells, its Python, and the order in which things run.

import { Cell } from "./cell.js";
import { element } from "./dom.js";
import { Kernel } from "./kernel.js";
import { Widgets } from "./widgets.js";

const FRAME = 12; // ms of opening editors before the browser may draw again

export class Session {
  constructor(page, bar) {
    this.page = page;
    this.bar = bar;
    this.widgets = new Widgets((message) => this.#tell(message));
    this.cells = [];
    this.queue = []; // cells that are to run
    this.kernel = new Kernel({
      message: (message) => this.#heard(message),
      progress: (share, text) => (share === null ? bar.say(text) : bar.loading(share, text)),
      failed: (text) => this.#failed(text),
      ready: (seconds) => (this.seconds = seconds),
    });
    addEventListener("pagehide", () => this.cells.forEach((cell) => cell.saveNow()));
    addEventListener("hashchange", () => this.#land());
  }

  async start() {
    this.bar.loading(0, "Loading Python …");
    const ready = this.kernel.start();
    try {
      await this.#open();
    } catch {
      this.kernel.stop();
      this.bar.failed("The notebook of this page could not be loaded. Are you online?", () => this.start());
      return;
    }
    await ready;
    this.bar.say(`Python is ready (${this.seconds.toFixed(1)} s).`);
    document.documentElement.dataset.live = "ready";
    this.#offer();
    await this.#awaken();
    document.documentElement.dataset.live = "whole";
  }

  find(id) {
    return this.cells.find((cell) => cell.id === id);
  }

  after(cell) {
    return this.cells.slice(cell.place + 1).find((each) => each.editor);
  }

  // Run a cell, and before it whatever it needs that did not run yet.
  async runOne(cell) {
    const above = this.cells.slice(0, cell.place);
    const told = above.map(({ id, source, fresh, hidden }) => ({ id, source, ran: fresh, hidden }));
    const ids = await this.kernel.needs(cell.source, told);
    if (!ids) return false;
    return this.run([...ids.map((id) => this.find(id)).filter((each) => !each.fresh), cell]);
  }

  runAll() {
    return this.run(this.cells);
  }

  runAbove() {
    const here = this.current?.place ?? this.#firstInView();
    return this.run(this.cells.slice(0, here));
  }

  // Run cells in order; an error ends it.
  async run(cells) {
    const mine = [...cells];
    for (const cell of mine) if (cell.state !== "running") cell.show("queued");
    this.queue.push(...mine);
    this.#offer();
    const turn = (this.turn ?? Promise.resolve()).then(() => this.#work(mine));
    this.turn = turn.catch(() => {});
    return turn;
  }

  async #work(cells) {
    let good = true;
    const started = this.kernel.worker;
    for (const [done, cell] of cells.entries()) {
      if (this.kernel.worker !== started) return false;
      this.queue.splice(this.queue.indexOf(cell), 1);
      if (!good) {
        cell.show(cell.ran === null ? "book" : cell.fresh ? "done" : "stale");
        continue;
      }
      if (cells.length > 1) this.bar.say(`Running ${done + 1} of ${cells.length} cells …`);
      cell.begin();
      this.#offer(true);
      const begun = performance.now();
      good = await this.kernel.execute(cell.id, cell.source, cell.hidden);
      if (good === null) return false; // stopped
      cell.end(good, (performance.now() - begun) / 1000);
      if (!good && cell !== cells.at(-1)) this.#brokeOff(cell);
    }
    if (good && cells.length > 1) this.bar.say(`All ${cells.length} cells have run.`);
    else if (good) this.bar.say(`${capital(cells[0].name)} has run.`);
    else if (cells.length === 1) this.bar.say(`${capital(cells[0].name)} ended with an error.`);
    this.#offer();
    return good;
  }

  #brokeOff(cell) {
    const link = element("a", { href: `#cell-${cell.id}`, textContent: cell.name });
    this.bar.status.replaceChildren("Stopped at an error in ", cell.root ? link : cell.name, ".");
  }

  stop() {
    return this.restart("Stopped. Python had to be started again: your text is kept, but what the cells had computed is gone.");
  }

  async restart(why = "Python was started again: nothing is defined until a cell runs.") {
    this.kernel.stop();
    this.queue = [];
    this.turn = undefined;
    this.widgets.end();
    this.page.progress.restart();
    this.cells.forEach((cell) => cell.restarted());
    this.bar.offer([]);
    this.bar.loading(0, `${why} Starting …`);
    await this.kernel.start();
    this.bar.say(`${why} Python is ready.`);
    this.#offer();
  }

  // The reader has forgotten all progress on another page: Python is not to bring it back.
  async forget() {
    await this.kernel.forget();
    this.page.progress.restart();
  }

  cannotKeep() {
    this.bar.say("This browser does not store your changes: they last until you leave the page.");
  }

  // Load the notebook, and put an editor into every cell, a few at a time.
  async #open() {
    if (this.cells.length) return;
    const answer = await fetch(this.page.notebook);
    if (!answer.ok) throw new Error(answer.status);
    const { cells } = await answer.json();
    const code = cells.filter((each) => each.cell_type === "code");
    this.cells = code.map((record, place) => new Cell(record, place, this));
    let number = 0;
    let since = performance.now();
    for (const cell of this.cells) {
      if (cell.input) cell.number = ++number;
      cell.open();
      cell.show(cell.source === cell.original ? "book" : "stale");
      if (performance.now() - since > FRAME) {
        await new Promise((next) => setTimeout(next));
        since = performance.now();
      }
    }
    this.page.progress.mark();
    this.#land();
  }

  // Make the widgets real, with the cells that they need.
  async #awaken() {
    const widgets = this.cells.filter((cell) => cell.widget);
    for (const cell of widgets) {
      if (!cell.fresh && !(await this.runOne(cell))) return;
    }
    if (widgets.length) this.bar.say("The page is live: change any cell, move any slider.");
  }

  #firstInView() {
    const place = this.cells.findIndex((cell) => cell.root && cell.root.getBoundingClientRect().bottom > 0);
    return place < 0 ? this.cells.length : place;
  }

  #land() {
    const cell = this.find(location.hash.replace("#cell-", ""));
    cell?.editor?.focus();
  }

  #offer(running = false) {
    if (running || this.queue.length) {
      this.bar.offer([["Stop", () => this.stop()]]);
      return;
    }
    this.bar.offer([
      ["Run all", () => this.runAll()],
      ["Run all above", () => this.runAbove()],
      ["Restart", () => this.restart()],
    ]);
  }

  #failed(text) {
    this.kernel.stop();
    this.bar.failed(text, () => (this.page.session === this && this.cells.length && this.seconds ? this.restart() : this.start()));
  }

  #tell(message) {
    return this.kernel.comm(message);
  }

  #heard(message) {
    const { type, run } = message;
    dispatchEvent(new CustomEvent("nn-message", { detail: message })); // the tests listen
    if (type === "comm") return this.widgets.receive(message);
    if (message.exercises && Object.keys(message.exercises).length) this.page.progress.update(message.exercises);
    if (["done", "handled", "claim"].includes(type)) return;
    this.find(run)?.outputs?.add(message);
  }
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);
