// Which exercises the reader has passed: the records of nnlib, kept in the browser.

const KEY = "nn-progress";
const NAME = "nn-learner";

export class Progress {
  stores = true; // until the browser refuses: in a private window, or when it is full

  constructor() {
    this.mine = this.#read() ?? {}; // what is true where the browser stores nothing
    this.session = {};
  }

  // Python reports all that it has seen since it started. What is new in it is added to what is
  // stored now: other pages of the course may be open, and have added theirs or forgotten all.
  update(records) {
    const sum = this.all();
    for (const [number, record] of Object.entries(records)) {
      const last = this.session[number];
      if (JSON.stringify(record) !== JSON.stringify(last)) sum[number] = added(sum[number], record, last);
    }
    this.session = structuredClone(records);
    this.#store(sum);
    this.mark();
  }

  // A file was read, or all is to be forgotten.
  replace(records) {
    this.#store(records);
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

  // Another page of the course has stored something: what was passed, or that all is forgotten.
  listen(forgotten) {
    addEventListener("storage", ({ key }) => {
      if (key !== KEY && key !== null) return;
      this.mark();
      if (!Object.keys(this.all()).length) forgotten();
    });
  }

  // A new Python counts from nothing, and so does one that was told to forget.
  restart() {
    this.session = {};
  }

  all() {
    return structuredClone((this.stores && this.#read()) || this.mine);
  }

  // Put a mark beside each exercise of the page that was passed, and beside no other.
  mark() {
    const records = this.all();
    for (const sign of document.querySelectorAll(".nn-passed")) {
      if (records[sign.dataset.number]?.passed) continue;
      sign.previousSibling.remove(); // the space before it
      sign.remove();
    }
    for (const [number, record] of Object.entries(records)) {
      const title = document.querySelector(`#exercise-${number.replace(".", "-")} strong`);
      if (!record.passed || !title || title.nextElementSibling?.matches(".nn-passed")) continue;
      const sign = document.createElement("span");
      sign.className = "nn-passed";
      sign.dataset.number = number;
      sign.textContent = "✓ passed";
      title.after(" ", sign);
    }
  }

  #store(records) {
    this.mine = records;
    this.#keep(KEY, JSON.stringify(records));
  }

  // Without storage all of it lasts as long as the page.
  #keep(key, text) {
    try {
      localStorage.setItem(key, text);
    } catch {
      this.stores = false;
    }
  }

  #read() {
    try {
      const found = JSON.parse(localStorage.getItem(KEY));
      return found && typeof found === "object" ? found : {};
    } catch {
      return null;
    }
  }
}

const NOTHING = { attempts: 0, passed: false, hints: 0, misconceptions: {} };

// What was known, and what a session has seen since it was last asked.
function added(before = NOTHING, now = NOTHING, last = NOTHING) {
  const named = { ...before.misconceptions };
  for (const [name, count] of Object.entries(now.misconceptions)) {
    named[name] = (named[name] ?? 0) + count - (last.misconceptions[name] ?? 0);
  }
  return {
    attempts: before.attempts + now.attempts - last.attempts,
    passed: before.passed || now.passed,
    hints: Math.max(before.hints, now.hints),
    misconceptions: named,
  };
}
