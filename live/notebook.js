// The course's notebooks in JupyterLite: their Python is the one of the live pages, in the same worker.

import { Kernel } from "./kernel.js";
import { Progress } from "./progress.js";

const CHECKS = LIVE_CHECKS; // how a cell begins that holds the book's prose to its numbers
const LOADING = "loading";
const PYTHON = { name: "python", version: "3", mimetype: "text/x-python", file_extension: ".py", codemirror_mode: { name: "python", version: 3 } };

// What JupyterLite asks of an extension. Of what it shares, `BaseKernel` knows the protocol of notebooks.
export function plugin({ BaseKernel, IKernelSpecs, KernelMessage }) {
  const NotebookKernel = notebookKernel(BaseKernel, KernelMessage);
  return {
    id: "line-kernel:python",
    autoStart: true,
    requires: [IKernelSpecs],
    activate: (_, kernels) =>
      kernels.register({
        spec: { name: "python3", display_name: "Python, in this browser", language: "python", argv: [], resources: {} },
        create: async (options) => new NotebookKernel(options),
      }),
  };
}

const notebookKernel = (BaseKernel, KernelMessage) =>
  class extends BaseKernel {
    constructor(options) {
      super(options);
      this.progress = new Progress();
      this.progress.listen(() => this.#forget());
      this.asked = new Map(); // what is being answered: the id of a request -> its header
      this.cells = new Map(); // the id of a request -> the number that its cell got
      this.python = new Kernel(
        {
          message: (message) => this.#heard(message),
          progress: (share, text) => this.#tell(share === null ? text : `${text} ${Math.round(100 * share)} %`),
          failed: (text) => this.fail(text),
          ready: () => (this.hasStarted = true),
        },
        "&notebook",
      );
      const failed = new Promise((done) => (this.fail = done));
      this.started = Promise.race([this.python.start(), failed]); // gives a text where it failed
    }

    // The reader has forgotten all progress on the page for it: Python is not to bring it back.
    async #forget() {
      if (this.isDisposed || (await this.started)) return;
      await this.python.forget();
      this.progress.restart();
    }

    // The controls ask which widgets there are, and draw none before they have heard.
    async handleMessage(message) {
      await super.handleMessage(message);
      const { header } = message;
      if (header.msg_type !== "comm_info_request") return;
      const about = { msgType: "comm_info_reply", channel: "shell", session: header.session, parentHeader: header };
      this._sendMessage(KernelMessage.createMessage({ ...about, content: { status: "ok", comms: {} } }));
    }

    async executeRequest({ code }) {
      const { header } = this.parent;
      const run = header.msg_id;
      this.asked.set(run, header);
      this.cells.set(run, this.executionCount);
      this.error = undefined;
      const failure = await this.#loaded(header);
      if (failure) this.#failed({ ename: "Python could not start", evalue: failure, traceback: [failure] }, header);
      const good = failure ? false : await this.python.execute(run, code, code.startsWith(CHECKS));
      this.asked.delete(run);
      const count = { execution_count: this.executionCount };
      return good ? { status: "ok", user_expressions: {}, payload: [], ...count } : { status: "error", ...this.error, ...count };
    }

    // Wait for Python; say below the cell how far it is.
    async #loaded(header) {
      const place = { transient: { display_id: LOADING }, metadata: {} };
      let shown = false;
      this.#tell = (text) => {
        const content = { data: { "text/plain": text }, ...place };
        if (shown) this.updateDisplayData(content, header);
        else this.displayData(content, header);
        shown = true;
      };
      if (!this.hasStarted) this.#tell("Loading Python …");
      const failure = await this.started;
      this.#tell = () => {};
      if (shown) this.clearOutput({ wait: false }, header);
      return failure;
    }

    #tell = () => {};

    #heard(message) {
      const { type, run } = message;
      const header = this.asked.get(run);
      if (message.exercises && Object.keys(message.exercises).length) this.progress.update(message.exercises);
      if (type === "stream") this.stream({ name: message.name, text: message.text }, header);
      if (type === "display") this.#show(message, header);
      if (type === "clear") this.clearOutput({ wait: message.wait }, header);
      if (type === "error") this.#failed({ ename: message.ename, evalue: message.evalue, traceback: this.#traceback(message) }, header);
      if (type === "trouble") this.#failed({ ename: "Error", evalue: message.text, traceback: [message.text] }, header);
      if (type === "comm") {
        const { what, comm_id, data, target_name, target_module, metadata, buffers } = message;
        this.handleComm(what, { comm_id, data, target_name, target_module }, metadata, buffers.map(unpack), header);
      }
    }

    #show({ data, id, update, result }, header) {
      const content = { data, metadata: {}, transient: id ? { display_id: id } : {} };
      if (update) this.updateDisplayData(content, header);
      else if (result) this.publishExecuteResult({ ...content, execution_count: this.executionCount }, header);
      else this.displayData(content, header);
    }

    #failed(error, header) {
      this.error = error;
      this.publishExecuteError(error, header);
    }

    // An error in the words of a live page: the reader's lines, the one that failed marked.
    #traceback({ ename, evalue, frames, left_out: leftOut, inside, notes, cause }) {
      const lines = [evalue ? `${ename}: ${evalue}` : ename, ...notes];
      frames.forEach(({ cell, line, function: name, first, source, column }, i) => {
        if (leftOut && i === frames.length / 2) lines.push(`… and ${leftOut} calls more …`);
        lines.push("", `Cell [${this.cells.get(cell)}], line ${line}${name ? `, in ${name}` : ""}:`);
        source.forEach((text, k) => {
          const number = `${first + k === line ? "→" : " "}${String(first + k).padStart(3)}  `;
          lines.push(number + text);
          if (first + k === line && column !== null) lines.push(`${" ".repeat(number.length + column)}^`);
        });
      });
      if (inside) lines.push("", `It was raised in the library: ${inside}.`);
      if (cause) lines.push("", `Before that: ${cause}`);
      return lines;
    }

    // A control waits until it was heard, but not until Python has started: cells come after it, and
    // are to say how far that is.
    async #comm(content) {
      const heard = this.#hand(content, this.parent);
      if (this.hasStarted) await heard;
    }

    async #hand(content, { header, metadata, buffers }) {
      if (await this.started) return;
      this.asked.set(header.msg_id, header);
      await this.python.comm({ ...content, run: header.msg_id, metadata, buffers: (buffers ?? []).map(pack) });
      this.asked.delete(header.msg_id);
    }

    commOpen = (message) => this.#comm(message.content);
    commMsg = (message) => this.#comm(message.content);
    commClose = async () => {}; // a control that is gone from the notebook lives on in Python

    async completeRequest({ code, cursor_pos: place }) {
      const found = (await this.started) ? null : await this.python.complete(code, place);
      const { matches, start, end } = found ?? { matches: [], start: place, end: place };
      return { status: "ok", matches, cursor_start: start, cursor_end: end, metadata: {} };
    }

    async inspectRequest({ code, cursor_pos: place }) {
      const text = (await this.started) ? "" : await this.python.explain(code, place);
      return { status: "ok", found: Boolean(text), data: text ? { "text/plain": text } : {}, metadata: {} };
    }

    kernelInfoRequest = async () => ({
      status: "ok",
      protocol_version: "5.3",
      implementation: "line_kernel",
      implementation_version: "1",
      language_info: PYTHON,
      banner: "Python in this browser",
      help_links: [],
    });

    isCompleteRequest = async () => ({ status: "unknown" });
    inputReply() {}

    dispose() {
      this.python.stop();
      super.dispose();
    }
  };

const unpack = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const pack = (bytes) => btoa(Array.from(new Uint8Array(bytes.buffer ?? bytes), (code) => String.fromCharCode(code)).join(""));
