// The list: one row per cue, drawn once and then only where something changed.

const $ = (id) => document.getElementById(id);

// Text goes in as text, never as markup.
function h(name, props = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

const views = []; // per cue: its row and the parts that change
let current = 0;
let filter = "all";
let editing = null; // [position, the cue's work when its text was entered]

const SIDES = ["source", "reference", "previous"].filter(
  (side) => side === "source" || cues.some((cue) => cue[side] !== null));

function drawList() {
  $("list").className = { 2: "three", 3: "four" }[SIDES.length] || "";
  const rows = document.createDocumentFragment();
  cues.forEach((cue, at) => {
    const row = h("article", { class: "cue empty", "data-at": at, role: "group", "aria-label": `${cue.number}`, tabindex: -1 });
    views.push({ row });
    if (at % 50 === 0) rows.append(h("div", { class: "fifty" }));  // so that few lie side by side to lay out
    rows.lastChild.append(row);
  });
  $("cues").replaceChildren(rows);
  const near = new IntersectionObserver((seen) => {
    for (const { target, isIntersecting } of seen) {
      if (isIntersecting) fill(Number(target.dataset.at));
      else empty(Number(target.dataset.at));
    }
  }, { rootMargin: "1200px 0px" });
  views.forEach((view, at) => {
    if (at < 40) fill(at);
    near.observe(view.row);
  });
}

// Rows far from the screen stand empty, at the height they had: a page of two thousand text fields
// would be slow to lay out whenever one of them changes.
function empty(at) {
  const { row, text } = views[at];
  if (!text || at === current || row.contains(document.activeElement)) return;
  row.style.height = `${row.offsetHeight}px`;
  row.replaceChildren();
  row.classList.add("empty");
  views[at] = { row };
}

function fill(at) {
  const view = views[at];
  if (view.text) return view;
  const cue = cues[at];
  const text = h("textarea", {
    lang: data.target.lang, dir: data.target.dir, spellcheck: "true", "data-at": at, autocapitalize: "off",
    "aria-label": `${cue.number}`,
  });
  Object.assign(view, {
    text,
    meters: h("div", { class: "meters" }),
    terms: h("div", { class: "chips" }),
    chips: h("div", { class: "chips" }),
    ok: h("button", { class: "ok", "data-do": "approve" }),
    talk: h("span", { class: "talk" }),
  });
  const times = [shortClock(cue.start), h("br"), `${((cue.end - cue.start) / 1000).toFixed(1)} s`];
  const when = h("button", { "data-do": "seek" }, h("b", {}, String(cue.number)),
    ...(data.timed ? times : [cue.field]));
  view.row.append(
    h("div", { class: "when" }, when),
    h("div", { class: "side" }, said(cue, "source"), view.terms),
    ...SIDES.slice(1).map((side) => said(cue, side)),
    h("div", { class: "edit" }, text, view.meters, view.chips),
    h("div", { class: "state" }, view.ok, view.talk));
  view.row.style.height = "";
  view.row.classList.remove("empty");
  draw(at);
  return view;
}

function said(cue, side) {
  const side_ = side === "source" ? data.source : data.target;
  const box = h("div", { class: side === "source" ? "said" : "said old", lang: side_.lang, dir: side_.dir });
  const terms = cue.terms.map((n) => data.terms[n].source);
  if (side === "source") box.append(...styled(cue.source, (text) => marked(text, terms)));
  else if (side === "previous" && cue.edits) {
    box.append(...cue.edits.filter(([op]) => op !== "new").map(([op, text]) => (op === "old" ? h("del", {}, text) : text)));
  } else box.append(...styled(cue[side] || ""));
  return box;
}

// Show a text as players do: italics, bold and underlined as such, other marks left out.
function styled(text, leaves = (part) => [part]) {
  const open = [];
  const parts = [];
  for (const part of text.split(/(<\/?[ibu]>)/i)) {
    const tag = /^<(\/?)([ibu])>$/i.exec(part);
    if (tag && tag[1]) open.splice(open.lastIndexOf(tag[2].toLowerCase()), 1);
    else if (tag) open.push(tag[2].toLowerCase());
    else if (part) parts.push(...open.reduce((inner, name) => [h(name, {}, ...inner)], leaves(bare(part))));
  }
  return parts;
}

// The source with its terms marked, longest first.
function marked(text, terms) {
  const known = [...new Set(terms)].filter(Boolean).sort((a, b) => b.length - a.length);
  if (!known.length) return [text];
  const any = new RegExp(`(${known.map((term) => term.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|")})`, "u");
  return text.split(any).map((part, n) => (n % 2 ? h("mark", {}, part) : part));
}

const shortClock = (ms) => clock(ms).replace(/^00:/, "").replace(/,(\d).*/, ".$1");

function refresh(at) {
  if (views[at].text) draw(at);
  if (at === current) drawDetail();
}

function draw(at) {
  const view = views[at];
  const cue = cues[at];
  const text = textOf(at);
  if (view.text.value !== text) view.text.value = text;
  if (!CSS.supports("field-sizing", "content")) view.text.rows = text.split("\n").length;
  view.row.classList.toggle("edited", isEdited(at));
  view.ok.setAttribute("aria-pressed", isApproved(at));
  view.ok.setAttribute("title", isApproved(at) ? [say("approved"), ...cue.by].join(" · ") : say("approve"));
  view.ok.setAttribute("aria-label", `${say("approve")} ${cue.number}`);
  const remarks = cue.comments.length + (commentOf(at) ? 1 : 0);
  view.talk.textContent = remarks ? `✎ ${remarks}` : "";
  view.meters.replaceChildren(...meters(text, cue));
  if (isEdited(at)) view.meters.append(h("button", { class: "back", "data-do": "restore" }, say("restore")));
  view.terms.replaceChildren(...termChips(at));
  view.chips.replaceChildren(...faults(at).map(faultChip));
}

function meters(text, cue) {
  const limits = data.limits;
  const size = measure(text, cue.end - cue.start);
  if (!data.timed) {
    return cue.room === null ? [] : [meter(size.size, cue.room, `${figure(size.size)}/${cue.room}`, "room")];
  }
  const many = size.lines.length > limits.lines;
  const shown = [
    meter(size.cps, limits.cps, `${size.cps.toFixed(1)}/${figure(limits.cps)} ${say("chars")}`, "cps"),
    ...size.lines.map((line) => meter(line, limits.columns, `${figure(line)}/${figure(limits.columns)}`, "cpl")),
  ];
  shown.push(h("span", { class: many ? "meter over" : "meter", "data-kind": "lines" },
    `${size.lines.length}/${limits.lines} ${say("lines")}`));
  return shown;
}

function meter(value, limit, text, kind) {
  const state = value > limit ? " over" : value > limit * 0.9 ? " near" : "";
  const bar = h("i");
  bar.style.setProperty("--share", `${Math.min(100, (100 * value) / limit)}%`);
  return h("span", { class: `meter${state}`, "data-kind": kind, title: data.wide ? say("wideHint") : "" }, bar, text);
}

function termChips(at) {
  const kept = termsKept(at);
  let n = 0;
  return cues[at].terms.map((index) => {
    const term = data.terms[index];
    const state = term.forms ? (kept[n++] ? "kept" : "lost") : "";
    const text = term.forms ? `${term.source} → ${term.required}` : term.source;
    return h("span", { class: `chip term ${state}`, title: term.note }, h("span", { dir: "auto" }, text));
  });
}

const faultChip = (fault) => h("span", {
  class: `chip finding ${fault.severity}${fault.stale ? " stale" : ""}`, title: fault.message,
}, h("span", {}, kindOf(fault.code)));

function drawDetail() {
  const cue = cues[current];
  if (!cue) return;
  const box = $("detail");
  if (box.contains(document.activeElement) && box.dataset.at === String(current)) return drawDetailParts(box);
  box.dataset.at = current;
  const comment = h("textarea", { id: "comment", placeholder: say("commentHint"), dir: "auto", maxlength: 4000 });
  comment.value = commentOf(current);
  box.replaceChildren(
    h("h2", {}, `${say("cue")} ${cue.number}`, h("small", {}, data.timed ? `${clock(cue.start)} → ${clock(cue.end)}` : cue.field)),
    h("div", { id: "parts" }), h("h3", {}, say("comment")), comment);
  drawDetailParts(box);
}

function drawDetailParts(box) {
  const at = current;
  const cue = cues[at];
  const part = (title, items) => (items.length ? [h("h3", {}, title), h("ul", {}, ...items)] : []);
  box.querySelector("#parts").replaceChildren(
    ...part(say("findings"), faults(at).map(faultItem)),
    ...part(say("terms"), termItems(at)),
    ...part(say("comments"), cue.comments.map((each) =>
      h("li", { dir: "auto" }, each.text, h("small", {}, [each.by, each.time].filter(Boolean).join(" · "))))),
    ...part(say("by"), cue.by.map((name) => h("li", { class: "kept" }, name))),
    ...part(say("why"), cue.reasons.map((why) => h("li", { dir: "auto" }, why))),
    ...part(say("general"), at === 0 ? data.general.map(faultItem) : []));
}

function faultItem(fault) {
  const kind = [kindOf(fault.code), fault.stale ? say("stale") : fault.hint].filter(Boolean).join(" · ");
  return h("li", { class: `${fault.severity}${fault.stale ? " stale" : ""}` }, fault.message, h("small", {}, kind));
}

function termItems(at) {
  const kept = termsKept(at);
  let n = 0;
  return cues[at].terms.map((index) => {
    const term = data.terms[index];
    const state = term.forms ? (kept[n++] ? "kept" : "lost") : "";
    const forms = (word, list) => h("small", {}, `${say(word)}: `,
      ...list.flatMap((form, k) => [k ? ", " : "", h("bdi", {}, form.replaceAll("*", "…"))]));
    const more = [
      term.accept.length ? forms("accepted", term.accept) : null,
      term.forbid.length ? forms("notThis", term.forbid) : null,
      term.note ? h("small", { dir: "auto" }, term.note) : null,
    ];
    const putIn = state === "lost" ? h("button", { class: "insert", "data-insert": term.required }, say("insert")) : null;
    const required = term.action === "paraphrase" ? `${say("rewritten")} ${term.required}` : term.required;
    return h("li", { class: state }, h("span", { lang: data.source.lang }, term.source),
      required ? " → " : "", h("b", { dir: "auto" }, required), putIn, ...more);
  });
}

const FILTERS = {
  all: () => true,
  findings: (at) => faults(at).some((fault) => !fault.stale),
  changed: isChanged,
  terms: (at) => cues[at].terms.length > 0,
  comments: (at) => cues[at].comments.length > 0 || commentOf(at) !== "",
  todo: (at) => !isReviewed(at),
};

function drawFilters() {
  $("filters").replaceChildren(...Object.keys(FILTERS).map((name) =>
    h("button", { "data-filter": name, "aria-pressed": String(name === filter) }, say(name), h("b", {}))));
  count();
}

// Counts of all cues are kept up cue by cue: typing must not walk through two thousand of them.
const state = { findings: [], changed: [], comments: [], todo: [] };
const total = {};

function tally(at) {
  for (const name of Object.keys(state)) {
    const is = FILTERS[name](at);
    total[name] = (total[name] || 0) + is - (state[name][at] || 0);
    state[name][at] = is;
  }
  const approved = isApproved(at);
  const edited = isEdited(at);
  total.approved = (total.approved || 0) + approved - (tally.approved?.[at] || 0);
  total.edited = (total.edited || 0) + edited - (tally.edited?.[at] || 0);
  (tally.approved ??= [])[at] = approved;
  (tally.edited ??= [])[at] = edited;
}

function count() {
  const all = cues.length;
  const done = all - (total.todo || 0);
  const numbers = { ...total, all, terms: cues.filter((cue) => cue.terms.length).length };
  for (const button of $("filters").children) {
    button.lastChild.textContent = numbers[button.dataset.filter] ?? 0;
  }
  $("done").textContent = say("done", done, all, total.edited || 0);
  $("progress").setAttribute("aria-valuenow", done);
  $("bar-approved").style.width = `${(100 * (total.approved || 0)) / (all || 1)}%`;
  $("bar-edited").style.width = `${(100 * (done - (total.approved || 0))) / (all || 1)}%`;
  $("undo").disabled = !past.length && !editing;
}

function show() {
  const wanted = $("search").value.trim().toLowerCase();
  let any = false;
  const fits = state[filter] ? (at) => state[filter][at] : FILTERS[filter];
  views.forEach((view, at) => {
    const text = () => `${cues[at].number}\n${cues[at].source}\n${textOf(at)}\n${cues[at].reference || ""}`.toLowerCase();
    const hit = fits(at) && (!wanted || text().includes(wanted));
    view.row.hidden = !hit;
    any ||= hit;
  });
  $("nothing").hidden = any;
}

function words() {
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
  for (const each of document.querySelectorAll("[data-w]")) each.textContent = say(each.dataset.w);
  for (const each of document.querySelectorAll("[data-t]")) each.title = say(each.dataset.t);
  for (const each of document.querySelectorAll("[data-p]")) each.placeholder = say(each.dataset.p);
  $("language").textContent = say("other_language");
  $("search").setAttribute("aria-label", say("search"));
  $("heads").replaceChildren(h("span"), ...SIDES.map((side) => h("span", {}, say(side))), h("span", {}, say("target")));
  $("keylist").replaceChildren(...KEYS.flatMap(([keys, word]) => [
    h("dt", {}, ...keys.flatMap((key, n) => [n ? " " : "", h("kbd", {}, key)])), h("dd", {}, say(word)),
  ]));
  drawFilters();
  $("detail").removeAttribute("data-at");
  cues.forEach((_, at) => refresh(at));
}

const KEYS = [
  [["j", "k"], "keyNext"], [["n", "N"], "keyFault"], [["Enter"], "keyEdit"], [["Esc"], "keyLeave"], [["a"], "keyApprove"],
  [["Ctrl Enter"], "keyApproveIn"], [["Alt ↓", "Alt ↑"], "keyMove"], [["u"], "keyUndo"], [["c"], "keyComment"],
  [["/"], "keySearch"], [["Space"], "keyPlay"], [["?"], "keyHelp"],
];
