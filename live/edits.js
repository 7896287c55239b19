// What the reader wrote into cells, kept in the browser: by page and cell, with the book's text
// that it was written over, so that a changed book is noticed.

const PREFIX = "nn-edit";

export class Edits {
  constructor(page) {
    this.prefix = `${PREFIX} ${page.replace(/index\.html$/, "")} `;
  }

  read(cell) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + cell));
    } catch {
      return null;
    }
  }

  write(cell, source, original) {
    return this.#try(() => localStorage.setItem(this.prefix + cell, JSON.stringify({ source, original })));
  }

  remove(cell) {
    return this.#try(() => localStorage.removeItem(this.prefix + cell));
  }

  count() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix)).length;
    } catch {
      return 0;
    }
  }

  // A browser may refuse to store: in a private window, or when it is full.
  #try(act) {
    try {
      act();
      return true;
    } catch {
      return false;
    }
  }
}
