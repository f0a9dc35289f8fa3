// What the reviewer has done: kept in this browser, undone, exported, imported.

const cues = data.cues;
const STORE = `dramaloc-review:${data.digest}`;
const LIVE = new Set(["field-length", "line-length", "line-count", "reading-speed", "term-missing", "term-forbidden"]);
const byId = new Map(cues.map((cue, at) => [cue.id, at]));

let work = {}; // cue id → {text, approved, comment}, each only if it differs from what was handed out
let storable = true;
const past = []; // what undo goes back through: [position, the cue's work before]

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) || "{}");
    for (const [id, done] of Object.entries(kept)) if (byId.has(id)) work[id] = done;
  } catch {
    storable = false;
  }
}

function keep() {
  try {
    localStorage.setItem(STORE, JSON.stringify(work));
  } catch {
    storable = false;
  }
}

const doneTo = (at) => work[cues[at].id] || {};
const textOf = (at) => doneTo(at).text ?? cues[at].target;
const isEdited = (at) => doneTo(at).text !== undefined;
const isApproved = (at) => doneTo(at).approved ?? (cues[at].by.length > 0 && !isEdited(at));
const commentOf = (at) => doneTo(at).comment || "";
const isReviewed = (at) => isApproved(at) || isEdited(at);
const isChanged = (at) => isEdited(at) || (cues[at].previous !== null && cues[at].previous !== cues[at].target);

function put(at, change) {
  const cue = cues[at];
  const next = { ...doneTo(at), ...change };
  if (next.text === cue.target) delete next.text;
  if (!next.comment) delete next.comment;
  const given = cue.by.length > 0 && next.text === undefined;
  if (next.approved === given || next.approved === undefined) delete next.approved;
  if (Object.keys(next).length) work[cue.id] = next;
  else delete work[cue.id];
}

function remember(at, before = { ...doneTo(at) }) {
  past.push([at, before]);
}

function undo() {
  const last = past.pop();
  if (!last) return -1;
  const [at, before] = last;
  if (Object.keys(before).length) work[cues[at].id] = before;
  else delete work[cues[at].id];
  keep();
  return at;
}

// What is wrong with a cue as it stands: what the export found, or for an edited cue what can be
// counted here, and what the export found before.
function faults(at) {
  const cue = cues[at];
  if (!isEdited(at)) return cue.findings;
  const limits = data.limits;
  const text = textOf(at);
  const plain = bare(text);
  const size = measure(text, cue.end - cue.start);
  const found = [];
  const add = (code, severity, message) => found.push({ code, severity, message, hint: "" });
  if (data.timed) {
    for (const line of size.lines) {
      if (line > limits.columns) add("line-length", "error", say("longLine", figure(line), figure(limits.columns)));
    }
    if (size.lines.length > limits.lines) add("line-count", "error", say("manyLines", size.lines.length, limits.lines));
    if (size.cps > limits.cps) add("reading-speed", "warning", say("fast", size.cps.toFixed(1), figure(limits.cps)));
  } else if (cue.room !== null && size.size > cue.room) {
    add("field-length", "error", say("longField", figure(size.size), cue.room));
  }
  const kept = termsKept(at);
  requiredTerms(at).forEach((term, n) => {
    if (!kept[n]) add("term-missing", "error", say("lost", term.source, term.required));
  });
  for (const [term, word] of violations([...data.banned, ...cue.terms].map((n) => data.terms[n]), plain)) {
    add("term-forbidden", "error", say("wrong", word, term.source || data.market));
  }
  const stale = cue.findings.filter((each) => !LIVE.has(each.code)).map((each) => ({ ...each, stale: true }));
  return [...found, ...stale];
}

const requiredTerms = (at) => cues[at].terms.map((n) => data.terms[n]).filter((term) => term.forms);
const termsKept = (at) => located(requiredTerms(at), bare(textOf(at)));

function exported(reviewer) {
  const touched = cues.flatMap((cue, at) => {
    if (!work[cue.id]) return [];
    return [{
      id: cue.id, cue: cue.number, in: clock(cue.start), source: cue.source, before: cue.target,
      text: textOf(at), approved: isApproved(at), comment: commentOf(at),
    }];
  });
  return {
    "dramaloc-edits": 1, target: data.name, document: data.digest, market: data.code, reviewer,
    cues: touched,
  };
}

// Take another file of edits in. Returns how many fit, and how many were made on another text.
function takeIn(said) {
  if (said?.["dramaloc-edits"] !== 1 || !Array.isArray(said.cues)) throw new Error("no edits");
  let taken = 0;
  let left = 0;
  for (const each of said.cues) {
    const at = byId.get(each.id);
    if (at === undefined || each.before !== cues[at].target || typeof each.text !== "string") {
      left += 1;
      continue;
    }
    remember(at);
    put(at, {
      text: each.text, approved: each.approved === true, comment: String(each.comment || commentOf(at)),
    });
    taken += 1;
  }
  keep();
  return { taken, left };
}

function clock(ms) {
  const two = (value) => String(value).padStart(2, "0");
  const whole = Math.floor(ms / 1000);
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)},${String(ms % 1000).padStart(3, "0")}`;
}

const figure = (value) => String(Math.round(value * 10) / 10);
