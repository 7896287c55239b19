// Runs in a worker of its own: loads Python, and hands messages to and fro.

import { loadPyodide } from "RUNTIME/pyodide.mjs"; // the build puts the folder's name here

const files = new URL("RUNTIME/", import.meta.url).href;
const TOTAL = LIVE_BYTES; // of all files that starting needs, unpacked
const PLOTS = /\bmatplotlib\b|\bplt\.|\bsubplots\(|\.plot\(/;
let python, kernel, loaded = 0, steps = 0;

const say = (type, content) => postMessage({ type, ...content });

// The runtime's folder is called after its content: what was fetched once is kept for good, until
// another runtime takes its place. A browser that keeps nothing fetches again.
const plainFetch = self.fetch;
const store = self.caches?.open(LIVE_VERSION).catch(() => {});
self.caches?.keys().then((names) => names.forEach((name) => name.startsWith("py-") && name !== LIVE_VERSION && caches.delete(name)), () => {});

async function fetchOnce(resource, options) {
  const cache = String(resource.url ?? resource).startsWith(files) && (await store);
  const found = await cache?.match?.(resource);
  if (found) return found;
  const answer = await plainFetch(resource, options);
  if (cache && answer.ok) cache.put(resource, answer.clone()).catch(() => {});
  return answer;
}

// Count what arrives, and name what does not.
self.fetch = async (resource, options) => {
  const name = String(resource.url ?? resource).split("/").at(-1).split("-")[0];
  let answer;
  try {
    answer = await fetchOnce(resource, options);
  } catch {
    throw missing(name, "it could not be downloaded, or was damaged on the way");
  }
  if (!answer.ok) throw missing(name, `the server answered ${answer.status}`);
  const counter = new TransformStream({
    transform(piece, out) {
      out.enqueue(piece);
      loaded += piece.byteLength;
      const step = Math.floor((50 * loaded) / TOTAL);
      if (kernel || step <= steps) return;
      steps = step;
      say("progress", { share: Math.min(1, loaded / TOTAL), text: "Loading Python …" });
    },
  });
  return new Response(answer.body.pipeThrough(counter), answer);
};

let failure;
function missing(name, why) {
  failure ??= `Loading ${name} failed: ${why}.`;
  if (!kernel) say("failed", { text: failure }); // at once: a start that lacks a part may never end
  return new Error(failure);
}

async function start() {
  python = await loadPyodide({
    indexURL: files,
    packages: LIVE_PACKAGES,
    env: { HOME: "/home/reader", MPLBACKEND: "agg", JUPYTER_WIDGETS_ECHO: "0", PYTHONHASHSEED: "0" },
  });
  if (failure) throw new Error(failure);
  say("progress", { share: 1, text: "Starting Python …" });
  kernel = python.runPython("import line_kernel; line_kernel.Kernel")((message) => say("message", { message }));
  kernel.install(new URL(import.meta.url).searchParams.has("notebook"));
  python.runPython("import numpy, ipywidgets, nnlib.course"); // what every page begins with
  say("ready");
}

async function packages(source) {
  if (!PLOTS.test(source) || python.loadedPackages.matplotlib) return;
  say("progress", { share: null, text: "Loading matplotlib …" });
  failure = undefined;
  await python.loadPackage("matplotlib", { messageCallback() {} });
  if (failure) throw new Error(failure);
}

async function answer({ type, run, source, hidden, above, message, place }) {
  if (type === "execute") {
    await packages(source);
    return kernel.execute(run, source, hidden);
  }
  if (type === "needs") return JSON.parse(kernel.needs(source, above));
  if (type === "forget") return kernel.forget();
  if (type === "complete") return JSON.parse(kernel.complete(source, place));
  if (type === "explain") return kernel.explain(source, place);
  return kernel.comm(message);
}

const started = start().catch((error) => {
  say("failed", { text: failure ?? `Python could not start: ${String(error).slice(-300)}` });
  return new Promise(() => {}); // nothing more will come from this worker
});

let queue = started;
self.onmessage = ({ data }) => {
  queue = queue.then(async () => {
    let value = false;
    try {
      value = await answer(data);
    } catch (error) {
      const text = failure ? `${failure} Run the cell again to retry.` : `Python itself failed: ${String(error).slice(-300)}`;
      say("message", { message: JSON.stringify({ type: "trouble", run: data.run, text }) });
    }
    say("answer", { number: data.number, value });
  });
};
