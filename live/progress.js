// Which exercises the reader has passed: the records of nnlib, kept in the browser.

const KEY = "nn-progress";
const NAME = "nn-learner";

export class Progress {
  constructor() {
    this.stored = this.#read(); // as it was before this session of Python
    this.session = {};
  }

  // Python reports all that it has seen since it started.
  update(records) {
    this.session = records;
    this.#keep(KEY, JSON.stringify(this.all()));
    this.mark();
  }

  // A file was read, or all is to be forgotten.
  replace(records) {
    this.stored = records;
    this.session = {};
    this.#keep(KEY, JSON.stringify(records));
  }

  get learner() {
    try {
      return localStorage.getItem(NAME) ?? "";
    } catch {
      return "";
    }
  }

  set learner(text) {
    this.#keep(NAME, text);
  }

  // A new Python counts from nothing.
  restart() {
    this.stored = this.all();
    this.session = {};
  }

  all() {
    const sum = structuredClone(this.stored);
    for (const [number, record] of Object.entries(this.session)) {
      const before = sum[number] ?? { attempts: 0, passed: false, hints: 0, misconceptions: {} };
      const named = { ...before.misconceptions };
      for (const [name, count] of Object.entries(record.misconceptions)) named[name] = (named[name] ?? 0) + count;
      sum[number] = {
        attempts: before.attempts + record.attempts,
        passed: before.passed || record.passed,
        hints: Math.max(before.hints, record.hints),
        misconceptions: named,
      };
    }
    return sum;
  }

  // Put a mark beside each exercise of the page that was passed.
  mark() {
    for (const [number, record] of Object.entries(this.all())) {
      const title = document.querySelector(`#exercise-${number.replace(".", "-")} strong`);
      if (!record.passed || !title || title.nextElementSibling?.matches(".nn-passed")) continue;
      const sign = document.createElement("span");
      sign.className = "nn-passed";
      sign.textContent = "✓ passed";
      title.after(" ", sign);
    }
  }

  // Without storage all of it lasts as long as the page.
  #keep(key, text) {
    try {
      localStorage.setItem(key, text);
    } catch {}
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }
}
