// Counting, the way dramaloc counts: subtitles/width.py, inline.py and glossary/forms.py.
// The tables and patterns come with the data, so that both sides cannot drift apart.

const data = JSON.parse(document.getElementById("data").textContent);

const TAGS = new RegExp(data.tag, "giu");

// Tables hold the first and last code point of each stretch, in order.
function within(table, point) {
  let low = 0;
  let high = table.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (point < table[2 * middle]) high = middle - 1;
    else if (point > table[2 * middle + 1]) low = middle + 1;
    else return true;
  }
  return false;
}

function width(text) {
  let sum = 0;
  for (const char of text) {
    const point = char.codePointAt(0);
    if (within(data.weightless, point)) continue;
    sum += !data.wide || within(data.wide, point) ? 1 : 0.5;
  }
  return sum;
}

function bare(text) {
  return text.replace(TAGS, "");
}

function measure(text, duration) {
  const plain = bare(text);
  const lines = plain.split("\n").map(width);
  const size = width(plain.replaceAll("\n", ""));
  return { lines, size, cps: duration > 0 ? (size * 1000) / duration : 0 };
}

function pattern(term, name) {
  if (!term[name]) return null;
  const key = `${name}Pattern`;
  term[key] ??= new RegExp(term[name], "giu");
  return term[key];
}

function spans(term, name, text) {
  const found = pattern(term, name);
  return found ? Array.from(text.matchAll(found), (m) => [m.index, m.index + m[0].length]) : [];
}

// For each term a form of its own, or none: glossary/forms.py's `located`.
function located(terms, text) {
  const choices = terms.map((term) => spans(term, "forms", text));
  const found = new Map();
  const overlap = (a, b) => a[0] < b[1] && b[0] < a[1];
  const settle = (place, tried) => {
    for (const span of choices[place]) {
      const holders = [...found].filter(([, held]) => overlap(span, held)).map(([at]) => at);
      if (!holders.length) {
        found.set(place, span);
        return true;
      }
      if (holders.length === 1 && !tried.has(String(span))) {
        tried.add(String(span));
        const held = found.get(holders[0]);
        found.delete(holders[0]);
        found.set(place, span);
        if (settle(holders[0], tried)) return true;
        found.delete(place);
        found.set(holders[0], held);
      }
    }
    return false;
  };
  const order = terms.map((_, at) => at);
  order.sort((a, b) => [...terms[b].required].length - [...terms[a].required].length);
  for (const place of order) settle(place, new Set());
  return terms.map((_, place) => found.has(place));
}

// Where the text holds what a term forbids and none allows: glossary/forms.py's `violations`.
function violations(terms, text) {
  const allowed = terms.flatMap((term) => spans(term, "allowed", text));
  return terms.flatMap((term) =>
    spans(term, "wrong", text)
      .filter(([from, to]) => !allowed.some(([a, b]) => a <= from && to <= b))
      .map(([from, to]) => [term, text.slice(from, to)]));
}
