// The page that lists every exercise: how each stands, and the file to keep or to hand in.

import { button, element } from "./dom.js";
import { Progress } from "./progress.js";
import { merge, read, Unreadable, write } from "./progress-file.js";

const root = document.querySelector(".nn-progress");
const rows = [...document.querySelectorAll("[data-exercise]")];
const summary = element("p", { className: "nn-sum" });
const status = element("p", { className: "nn-status", role: "status" });
const meter = element("progress", { ariaLabel: "Exercises passed", max: rows.length });
const learner = element("input", { type: "text", maxLength: 200, autocomplete: "name" });
const chosen = element("input", { type: "file", accept: ".json,application/json", className: "nn-unseen", tabIndex: -1, ariaLabel: "A file of progress" });

function show() {
  const records = new Progress().all();
  let passed = 0;
  for (const row of rows) {
    const record = records[row.dataset.exercise];
    passed += Boolean(record?.passed);
    row.classList.toggle("nn-done", Boolean(record?.passed));
    row.querySelector(".nn-how").textContent = words(record);
  }
  summary.textContent = `You have passed ${passed} of ${rows.length} exercises.`;
  meter.value = passed;
  learner.value = new Progress().learner;
}

function words(record) {
  if (!record || !(record.attempts || record.hints || record.passed)) return "";
  const parts = [record.passed ? "✓ passed" : "tried, not passed yet"];
  if (record.attempts) parts.push(count(record.attempts, "attempt"));
  if (record.hints) parts.push(count(record.hints, "hint"));
  return parts.join(", ");
}

const count = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

function save() {
  const { course, nnlib } = root.dataset;
  const text = write({ course, nnlib, learner: learner.value.trim(), exercises: new Progress().all() });
  const href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  element("a", { href, download: "progress.json" }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
  status.textContent = "Saved as progress.json.";
}

async function take() {
  const [file] = chosen.files;
  if (!file) return;
  try {
    const found = read(await file.text());
    const mine = new Progress();
    mine.replace(merge(mine.all(), found.exercises));
    if (!mine.learner && found.learner) mine.learner = found.learner;
    show();
    status.textContent = `${file.name} was read: ${count(Object.keys(found.exercises).length, "exercise")} in it.`;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    status.textContent = `${file.name} is no report of progress: ${error.message}. Nothing was changed.`;
  }
  chosen.value = "";
}

function forget() {
  if (!confirm("Forget all progress in this browser? A file that you saved can bring it back.")) return;
  new Progress().replace({});
  show();
  status.textContent = "All progress was forgotten.";
}

learner.addEventListener("change", () => (new Progress().learner = learner.value.trim()));
chosen.addEventListener("change", take);
addEventListener("storage", show); // another page of the course is open
root.append(
  summary,
  meter,
  element("label", { className: "nn-name" }, ["Your name, if it is to stand in the file ", learner]),
  element("div", { className: "nn-actions" }, [
    button("Save as a file", save),
    button("Read a file", () => chosen.click()),
    button("Forget all", forget),
  ]),
  chosen,
  status,
);
show();
