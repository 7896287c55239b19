// The bar at the foot of a page: what can be done with all of it, and how it stands.

import { button, element } from "./dom.js";

const SIZE = LIVE_SIZE; // megabytes to load; written in by the build

export class Bar {
  constructor(page) {
    this.start = button("Make this page live", () => this.onStart(), "nn-start");
    this.status = element("span", { className: "nn-status", role: "status" });
    this.meter = element("progress", { hidden: true, max: 1, ariaLabel: "Loading Python" });
    this.actions = element("span", { className: "nn-actions" });
    this.root = element("section", { className: "nn-live", ariaLabel: "Live Python" }, [
      this.start,
      this.actions,
      this.meter,
      this.status,
    ]);
    const count = page.edits.count();
    this.say(
      count
        ? `You changed ${count} ${count === 1 ? "cell" : "cells"} here: live, the page has them again.`
        : `Python in your browser: loads ${SIZE} MB, once. Nothing is sent anywhere.`,
    );
    const head = document.querySelector(".chapter-head") ?? document.querySelector("article h1");
    head?.after(this.root);
  }

  say(text) {
    this.status.replaceChildren(text);
  }

  busy(text) {
    document.querySelectorAll("button.nn-link").forEach((each) => (each.disabled = true));
    this.start.hidden = true;
    this.say(text);
  }

  loading(share, text) {
    this.meter.hidden = false;
    this.meter.value = share;
    if (text) this.say(text);
  }

  // Offer what can be done now: [caption, action] pairs.
  offer(actions) {
    this.meter.hidden = true;
    this.start.hidden = true;
    this.root.classList.add("nn-started");
    const had = this.actions.contains(document.activeElement) && document.activeElement.textContent;
    this.actions.replaceChildren(...actions.map(([caption, act]) => button(caption, act)));
    if (had) [...this.actions.children].find((each) => each.textContent === had)?.focus();
  }

  failed(text, retry) {
    this.offer([["Try again", retry]]);
    this.say(text);
  }
}
