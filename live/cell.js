// One code cell of the page: its text, its editor, its outputs, and how it stands.

import { button, element } from "./dom.js";
import { openEditor } from "./editor.js";
import { Outputs } from "./outputs.js";

const SAVE_AFTER = 300; // ms without a key

// What the reader is told about a cell's output. Never is an old one shown as if it were new.
const STATES = {
  book: "",
  queued: "waiting …",
  running: "running …",
  done: "",
  error: "ended with an error",
  stale: "output from before your change",
  restarted: "output from before Python was restarted",
  stopped: "stopped",
};

export class Cell {
  // record: the cell in the notebook; session: runs it
  constructor(record, place, session) {
    this.id = record.id;
    this.original = [record.source].flat().join("");
    this.source = this.original;
    this.hidden = (record.metadata.tags ?? []).includes("remove-cell");
    this.place = place;
    this.session = session;
    this.root = document.getElementById(`cell-${this.id}`);
    this.ran = null; // the text that ran last in this Python
    this.input = this.root?.querySelector(".cell_input");
    if (this.root) this.outputs = this.#outputs();
    this.widget = !this.hidden && Boolean(this.root?.querySelector(".cell_output .nn-widget"));
  }

  // Called `cell 12` in messages: the cells that can be seen are counted.
  get name() {
    return this.number ? `cell ${this.number}` : "a hidden cell";
  }

  get fresh() {
    return this.ran === this.source;
  }

  open() {
    const state = element("span", { className: "nn-state", id: `state-${this.id}` });
    this.label = state;
    if (!this.input) return;
    const kept = this.session.page.edits.read(this.id);
    if (kept) this.source = kept.source;
    this.input.replaceChildren();
    this.editor = openEditor(this.input, this.source, `Code, ${this.name}`, {
      change: (source) => this.#changed(source),
      run: () => this.session.runOne(this),
      runAndNext: () => {
        this.session.runOne(this);
        this.session.after(this)?.editor.focus();
      },
    });
    this.reset = button("Reset", () => this.#reset());
    const run = button("Run", () => this.session.runOne(this));
    run.setAttribute("aria-label", `Run ${this.name}`);
    this.reset.setAttribute("aria-label", `Reset ${this.name} to the book's text`);
    this.tools = element("div", { className: "nn-tools" }, [run, this.reset, state]);
    this.input.append(this.tools);
    this.root.classList.add("nn-open");
    if (kept && kept.original !== this.original) this.#pointOut(kept);
    this.#offerReset();
  }

  show(state, detail = "") {
    this.state = state;
    this.root?.setAttribute("data-state", state);
    if (this.label) this.label.textContent = detail || STATES[state];
  }

  begin() {
    this.ran = this.source;
    this.outputs?.clear();
    this.editor?.mark(0);
    this.show("running");
  }

  end(good, seconds) {
    if (this.ran !== this.source) return this.show("stale");
    this.show(good ? "done" : "error", good ? `ran in ${seconds < 0.95 ? seconds.toFixed(1) : Math.round(seconds)} s` : "");
  }

  restarted() {
    this.ran = null;
    if (this.state === "running" || this.state === "queued") this.show("stopped");
    else if (this.state && this.state !== "book") this.show("restarted");
  }

  #outputs() {
    let root = this.root.querySelector(".cell_output");
    if (!root) {
      root = element("div", { className: "cell_output docutils container" });
      this.root.append(root);
    }
    return new Outputs(root, this.session.widgets, (frame) => this.#at(frame));
  }

  #at({ cell, line, function: name }) {
    const inside = name ? `, in ${name}` : "";
    if (cell === this.id) {
      this.editor?.mark(line);
      return `Line ${line} of this cell${inside}:`;
    }
    const other = this.session.find(cell);
    const text = `Line ${line} of ${other?.name ?? "another cell"}${inside}:`;
    return other?.root ? element("a", { href: `#cell-${cell}`, textContent: text }) : text;
  }

  #changed(source) {
    this.source = source;
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVE_AFTER);
    if (this.ran !== null && this.state !== "running") this.show(this.fresh ? "done" : "stale");
    else if (this.state === "book" || !this.state) this.show(source === this.original ? "book" : "stale");
    this.#offerReset();
  }

  // Store what was written and is not stored yet.
  saveNow() {
    if (this.saving) this.save();
  }

  save() {
    clearTimeout(this.saving);
    this.saving = null;
    const { edits } = this.session.page;
    const kept = this.source === this.original ? edits.remove(this.id) : edits.write(this.id, this.source, this.original);
    if (!kept) this.session.cannotKeep();
  }

  #offerReset() {
    this.reset.hidden = this.source === this.original && !this.mine;
    this.reset.textContent = this.source === this.original ? "Bring mine back" : "Reset";
  }

  // To the book's text; pressed again, back to the reader's.
  #reset() {
    const mine = this.source === this.original ? null : this.source;
    this.editor.source = mine === null ? this.mine : this.original;
    this.mine = mine;
    this.#offerReset();
    this.save();
  }

  // The book's text is no longer the one that the reader changed.
  #pointOut(kept) {
    const note = element("p", { className: "nn-changed" }, [
      "The book's version of this cell has changed since you edited it. Yours is shown. ",
      button("Take the book's", () => {
        this.#reset();
        note.remove();
      }),
      " ",
      button("Keep mine", () => {
        this.save();
        note.remove();
      }),
    ]);
    this.input.prepend(note);
  }
}
