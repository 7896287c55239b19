// The file of progress, as nnlib/course/exercises/progress_file.py writes and reads it.

const FORMAT = "nnlib progress";
const VERSION = 1;
const MOST_BYTES = 1_000_000;
const LONGEST = 200;

export class Unreadable extends Error {}

export function write({ course, nnlib, learner, exercises }) {
  const date = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const content = { format: FORMAT, version: VERSION, course, nnlib, learner: learner || null, date, exercises };
  return `${JSON.stringify(content, null, 2)}\n`;
}

// Give { learner, exercises }, or say what is wrong.
export function read(text) {
  demand(text.length <= MOST_BYTES, "it is too large");
  let content;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Unreadable("it is not JSON");
  }
  demand(isObject(content), "it should be an object in braces");
  demand(content.format === FORMAT, `its "format" should be "${FORMAT}"`);
  demand(isCount(content.version) && content.version <= VERSION, `its "version" should be at most ${VERSION}`);
  demand(content.learner == null || isLine(content.learner), '"learner" should be one line of text, or null');
  demand(isObject(content.exercises), '"exercises" should be an object');
  const exercises = {};
  for (const [number, entry] of Object.entries(content.exercises)) exercises[number] = record(number, entry);
  return { learner: content.learner, exercises };
}

function record(number, entry) {
  demand(isLine(number) && isObject(entry), `exercise "${number}" should be an object`);
  const { attempts = 0, passed = false, hints = 0, misconceptions = {} } = entry;
  demand(isCount(attempts) && isCount(hints), `exercise "${number}": attempts and hints should be counts`);
  demand(typeof passed === "boolean", `exercise "${number}": "passed" should be true or false`);
  const good = isObject(misconceptions) && Object.entries(misconceptions).every(([name, n]) => isLine(name) && isCount(n));
  demand(good, `exercise "${number}": misconceptions should be names with counts`);
  return { attempts, passed, hints, misconceptions: { ...misconceptions } };
}

// Two accounts of the same learner's work: of each count the larger, so that reading a file twice
// changes nothing.
export function merge(mine, theirs) {
  const all = structuredClone(mine);
  for (const [number, record] of Object.entries(theirs)) {
    const before = all[number] ?? { attempts: 0, passed: false, hints: 0, misconceptions: {} };
    const named = { ...before.misconceptions };
    for (const [name, count] of Object.entries(record.misconceptions)) named[name] = Math.max(named[name] ?? 0, count);
    all[number] = {
      attempts: Math.max(before.attempts, record.attempts),
      passed: before.passed || record.passed,
      hints: Math.max(before.hints, record.hints),
      misconceptions: named,
    };
  }
  return all;
}

function demand(truth, otherwise) {
  if (!truth) throw new Unreadable(otherwise);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCount = (value) => Number.isInteger(value) && value >= 0;
const isLine = (value) => typeof value === "string" && value.length <= LONGEST && !/\p{C}|\p{Zl}|\p{Zp}/u.test(value);
