// The outputs of one cell: text, pictures, HTML, controls, errors; in the classes the book gives its own.

import { element } from "./dom.js";

const ANSI = /\x1b\[[0-9;]*m/g;

export class Outputs {
  // root: where they go; widgets: draws controls; describe(frame): how a frame's cell is called
  constructor(root, widgets, describe) {
    Object.assign(this, { root, widgets, describe });
    this.shown = new Map(); // display id -> element
  }

  clear() {
    this.root.replaceChildren();
    this.shown.clear();
    this.last = null;
    this.waiting = false;
  }

  add(message) {
    if (message.type === "clear") return message.wait ? (this.waiting = true) : this.clear();
    if (this.waiting) this.clear();
    if (message.type === "stream") return this.stream(message);
    this.last = null;
    if (message.type === "error") return this.root.append(this.error(message));
    if (message.type === "trouble") return this.root.append(element("p", { className: "nn-trouble", textContent: message.text }));
    const old = message.id && this.shown.get(message.id);
    if (message.update && !old) return;
    const box = this.display(message.data);
    if (message.id) this.shown.set(message.id, box);
    if (message.update) old.replaceWith(box);
    else this.root.append(box);
  }

  stream({ name, text }) {
    if (this.last?.name !== name) {
      const pre = element("pre");
      const box = element("div", { className: `output stream${name === "stderr" ? " stderr" : ""}` }, [
        element("div", { className: "highlight" }, [pre]),
      ]);
      this.last = { name, pre, text: "" };
      this.root.append(box);
    }
    this.last.text = overwrite(this.last.text + text.replace(ANSI, ""));
    this.last.pre.textContent = this.last.text.replace(/\r$/, "");
  }

  display(data) {
    const view = data["application/vnd.jupyter.widget-view+json"];
    if (view) return element("div", { className: "output" }, [this.widgets.view(view.model_id)]);
    if (data["text/html"]) return filled("text_html", data["text/html"]);
    if (data["image/svg+xml"]) return filled("svg", data["image/svg+xml"]);
    if (data["image/png"]) {
      const source = `data:image/png;base64,${data["image/png"]}`;
      return element("div", { className: "output image_png" }, [element("img", { src: source, alt: data["text/plain"] ?? "A figure" })]);
    }
    const text = data["text/latex"] ?? data["text/markdown"] ?? data["text/plain"] ?? "";
    const box = element("div", { className: "output text_plain" }, [
      data["text/latex"] ? element("div", { textContent: text }) : element("div", { className: "highlight" }, [element("pre", { textContent: text })]),
    ]);
    if (data["text/latex"]) window.MathJax?.typesetPromise?.([box]);
    return box;
  }

  error({ ename, evalue, frames, left_out: leftOut, inside, notes, cause }) {
    const parts = [
      element("p", {}, [element("strong", { textContent: ename }), evalue ? `: ${evalue}` : ""]),
      ...notes.map((note) => element("p", { textContent: note })),
    ];
    frames.forEach((frame, i) => {
      if (leftOut && i === frames.length / 2) parts.push(element("p", { textContent: `… and ${leftOut} calls more …` }));
      parts.push(element("p", { className: "nn-at" }, [this.describe(frame)]), listing(frame));
    });
    if (inside) parts.push(element("p", { className: "nn-at", textContent: `It was raised in the library: ${inside}.` }));
    if (cause) parts.push(element("p", { className: "nn-at", textContent: `Before that: ${cause}` }));
    return element("div", { className: "output nn-error", role: "group", ariaLabel: "Error" }, parts);
  }
}

function filled(kind, html) {
  return element("div", { className: `output ${kind}`, innerHTML: html });
}

// A frame's lines with their numbers; the one that failed is marked.
function listing({ first, line, source, column }) {
  const rows = source.map((text, i) => {
    const here = first + i === line;
    const number = `${here ? "→" : " "}${String(first + i).padStart(3)}  `;
    const row = element("span", { className: here ? "nn-failed-line" : "" }, [`${number}${text}\n`]);
    if (here && column !== null) row.append(`${" ".repeat(number.length + column)}^\n`);
    return row;
  });
  return element("pre", {}, rows);
}

// A carriage return goes back to the start of the line: what comes then is written over it. One at
// the very end stays, for what is still to come.
export function overwrite(text) {
  if (!text.includes("\r")) return text;
  const lines = text.replace(/\r+\n/g, "\n").split("\n");
  const written = lines.map((line) => line.split("\r").reduce((old, piece) => piece + old.slice(piece.length)));
  return written.join("\n") + (text.endsWith("\r") ? "\r" : "");
}
