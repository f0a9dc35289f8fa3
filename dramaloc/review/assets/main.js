// What the reviewer does: mouse, keyboard, video, files.

function select(at, { scroll = true, play = true } = {}) {
  if (at < 0 || at >= cues.length) return;
  if (at !== current) leaveText();
  views[current]?.row.classList.remove("on");
  current = at;
  fill(at).row.classList.add("on");
  if (scroll) views[at].row.scrollIntoView({ block: "nearest" });
  drawDetail();
  if (play && playable() && $("video").paused) seek(at);
  overlay(textOf(at));
}

function step(by, fits = () => true) {
  for (let at = current + by; at >= 0 && at < cues.length; at += by) {
    if (!views[at].row.hidden && fits(at)) {
      select(at);
      return true;
    }
  }
  return false;
}

function changed(at) {
  keepSoon();
  refresh(at);
  tally(at);
  count();
}

let waiting = 0;
function keepSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 250);
}

function enterText(at) {
  if (editing?.[0] !== at) {
    leaveText();
    editing = [at, { ...doneTo(at) }];
  }
}

// An edit is one step to undo, however many keys it took.
function leaveText() {
  if (!editing) return;
  const [at, before] = editing;
  editing = null;
  if (JSON.stringify(before) !== JSON.stringify(doneTo(at))) remember(at, before);
  keep();
  count();
}

function approve(at, wanted = !isApproved(at)) {
  leaveText();
  if (isApproved(at) === wanted) return;
  remember(at);
  put(at, { approved: wanted });
  changed(at);
}

function restore(at) {
  leaveText();
  remember(at);
  put(at, { text: undefined, approved: undefined });
  changed(at);
}

function takeBack() {
  leaveText();
  const at = undo();
  if (at < 0) return;
  changed(at);
  select(at);
}

function notice(text, good = false) {
  $("notice").textContent = text;
  $("notice").className = good ? "notice good" : "notice";
  $("notice").hidden = !text;
}

function exportEdits() {
  leaveText();
  const name = $("who").value.trim();
  const edits = exported(name);
  if (!edits.cues.length) return notice(say("nothingDone"));
  if (!name) {
    notice(say("who"));
    return $("who").focus();
  }
  const url = URL.createObjectURL(new Blob([JSON.stringify(edits, null, 1)], { type: "application/json" }));
  const file = data.name.replace(/\.[^.]+$/, "");
  h("a", { href: url, download: `${file}.${name.replace(/[\\/:*?"<>|\s.]+/g, "-")}.edits.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  notice(say("exported", edits.cues.length), true);
}

async function importEdits(file) {
  try {
    const { taken, left } = takeIn(JSON.parse(await file.text()));
    cues.forEach((_, at) => { refresh(at); tally(at); });
    count();
    notice(say("taken", taken) + (left ? say("left", left) : ""), !left);
  } catch {
    notice(say("noEdits"));
  }
}

// The video

const playable = () => !$("video").hidden && $("video").readyState > 0;

function seek(at) {
  $("video").currentTime = cues[at].start / 1000 + 0.001;
}

function openVideo(file) {
  const video = $("video");
  if (video.src) URL.revokeObjectURL(video.src);
  video.src = URL.createObjectURL(file);
  video.hidden = false;
  $("pick").hidden = true;
  $("stagebar").hidden = false;
  $("stage").classList.add("playing");
  video.onloadeddata = () => { seek(current); onTime(); };
  video.onerror = () => { closeVideo(); notice(say("noVideo")); };
}

function closeVideo() {
  $("video").hidden = true;
  $("video").removeAttribute("src");
  $("pick").hidden = false;
  $("stagebar").hidden = true;
  $("stage").classList.remove("playing");
}

let stopAt = Infinity;
function onTime() {
  const ms = $("video").currentTime * 1000;
  if (ms >= stopAt) {
    stopAt = Infinity;
    $("video").pause();
  }
  const at = onScreen(ms);
  overlay(at < 0 ? "" : textOf(at));
  if (at >= 0 && at !== current && !$("video").paused && $("follow").checked && !editing) {
    select(at, { play: false });
  }
}

// The last cue that has begun and not ended; cues are in the order of the file.
function onScreen(ms) {
  let found = -1;
  cues.forEach((cue, at) => { if (cue.start <= ms && ms < cue.end) found = at; });
  return found;
}

// Draw a cue over the picture, {\an8} on top.
function overlay(text) {
  const box = $("overlay");
  box.lang = data.target.lang;
  box.dir = data.target.dir;
  box.hidden = !playable() && !$("pick").hidden;
  box.classList.toggle("above", /\{\\an[789]/.test(text));
  box.replaceChildren(...styled(text));
}

function playPause() {
  if (!playable()) return;
  if ($("video").paused) $("video").play();
  else $("video").pause();
}

// The keyboard

function inText(event) {
  const at = Number(event.target.dataset.at);
  if (event.key === "Escape") {
    event.target.blur();
    views[at].row.focus({ preventScroll: true });
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    approve(at, true);
    if (step(1)) views[current].text.focus();
  } else if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    if (step(event.key === "ArrowDown" ? 1 : -1)) views[current].text.focus();
  } else return;
  event.preventDefault();
}

const ACTIONS = {
  j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
  n: () => step(1, FILTERS.findings), N: () => step(-1, FILTERS.findings),
  Enter: () => views[current].text.focus(), e: () => views[current].text.focus(),
  a: () => { approve(current); if (isApproved(current)) step(1); },
  u: takeBack, c: () => $("comment").focus(), "/": () => $("search").focus(), " ": playPause,
  "?": () => $("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing || $("keys").open) return;
  const on = event.target;
  if (on.matches?.("article textarea")) return inText(event);
  if (on.matches?.("input, textarea, video")) {
    if (event.key === "Escape") on.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (on.matches?.("button") && (event.key === "Enter" || event.key === " ")) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

// The mouse

$("cues").addEventListener("click", (event) => {
  const row = event.target.closest("article");
  if (!row) return;
  const at = Number(row.dataset.at);
  const what = event.target.closest("[data-do]")?.dataset.do;
  select(at, { scroll: false });
  if (what === "approve") approve(at);
  if (what === "restore") restore(at);
  if (what === "seek" && playable()) {
    seek(at);
    $("video").play();
  }
});
$("cues").addEventListener("focusin", (event) => {
  if (!event.target.matches("textarea")) return;
  const at = Number(event.target.dataset.at);
  if (at !== current) select(at, { scroll: false });
  enterText(at);
});
$("cues").addEventListener("focusout", (event) => { if (event.target.matches("textarea")) leaveText(); });
$("cues").addEventListener("input", (event) => {
  const at = Number(event.target.dataset.at);
  enterText(at);
  put(at, { text: event.target.value.replaceAll("\r", ""), approved: undefined });
  changed(at);
  overlay(textOf(at));
});
$("detail").addEventListener("input", (event) => {
  if (event.target.id !== "comment") return;
  enterText(current);
  put(current, { comment: event.target.value });
  changed(current);
});
$("detail").addEventListener("focusout", leaveText);
$("detail").addEventListener("click", (event) => {
  const word = event.target.dataset?.insert;
  if (!word) return;
  const text = views[current].text;
  text.focus();
  text.setRangeText(word, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
});
$("filters").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  filter = button.dataset.filter;
  drawFilters();
  show();
  if (views[current].row.hidden) step(1) || step(-1);
});
$("search").addEventListener("input", show);
$("undo").addEventListener("click", takeBack);
$("export").addEventListener("click", exportEdits);
$("import").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { if ($("file").files[0]) importEdits($("file").files[0]); $("file").value = ""; });
$("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  setting("language", language);
  words();
});
$("help").addEventListener("click", () => $("keys").showModal());
$("who").addEventListener("input", () => setting("who", $("who").value));
$("pick").addEventListener("click", () => $("media").click());
$("other").addEventListener("click", () => $("media").click());
$("media").addEventListener("change", () => { if ($("media").files[0]) openVideo($("media").files[0]); });
$("again").addEventListener("click", () => { seek(current); stopAt = cues[current].end; $("video").play(); });
$("video").addEventListener("timeupdate", onTime);
addEventListener("pagehide", () => { leaveText(); keep(); });
document.addEventListener("visibilitychange", keep);

recall();
$("stage").hidden = !data.timed; // copy is read, not watched
$("who").value = setting("who") || "";
drawList();
cues.forEach((_, at) => tally(at));
words();
if (cues.length) select(0, { scroll: false });
keep();
if (!storable) notice(say("unstorable"));
