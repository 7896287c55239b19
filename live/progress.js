// Which exercises the reader has passed: the records of nnlib, kept in the browser.

const KEY = "nn-progress";

export class Progress {
  constructor() {
    this.stored = this.#read(); // as it was before this session of Python
    this.session = {};
  }

  // Python reports all that it has seen since it started.
  update(records) {
    this.session = records;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.all()));
    } catch {
      // Without storage the marks last as long as the page.
    }
    this.mark();
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

  #read() {
    try {
      return JSON.parse(localStorage.getItem(KEY)) ?? {};
    } catch {
      return {};
    }
  }
}
