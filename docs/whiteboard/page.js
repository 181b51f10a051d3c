// Draws what the board answers, and sends it what the reader does.  All decisions are in Python:
// which line a gesture means, what it does, what it is called, what a walk delivers.

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const ROW = 38, GAP = 8, AXIS = 24, TRACK = 30, MARGIN = 16, LABEL = 52;
const PATIENCE = 5000; // then the reader is offered to stop Python; nothing is stopped by itself

const page = {
  menu: null, // scenes, rules and verbs, as the board lists them
  view: null, // what is on the board
  preview: null, // what would be, while the reader points
  coming: null, // what the next line of the script would do
  op: "set",
  told: null, // the change that is explained
  place: null, // [begin, end] where the reader points
  pointing: false,
};

// ---- the worker -------------------------------------------------------------------------------

let worker, calls = 0, slow;
let waiting = new Map();

function startPython() {
  waiting = new Map();
  worker = new Worker("worker.js", { type: "module" });
  worker.onmessage = ({ data }) => {
    if (data.boot) showBoot(data.boot);
    else if (data.fatal) showFatal(data.fatal);
    else if (data.id) {
      waiting.get(data.id)(JSON.parse(data.text));
      waiting.delete(data.id);
      if (!waiting.size) { clearTimeout(slow); $("busy").hidden = true; }
    }
  };
  worker.onerror = (event) => showFatal(event.message || "the worker did not start");
}

function ask(request) {
  const id = ++calls;
  worker.postMessage({ id, text: JSON.stringify({ width: $("picture").clientWidth || undefined, ...request }) });
  if (!waiting.size && page.menu) slow = setTimeout(() => { $("busy").hidden = false; }, PATIENCE);
  return new Promise((resolve) => waiting.set(id, resolve));
}

// Ask, and show the answer: a new view, an error in words, or a question about foreign code.
async function tell(request) {
  newest = null;
  page.stopped = true;
  const answer = await ask(request);
  if (answer.view) { page.preview = null; show(answer.view); say(answer.view.last?.gave ?? "", answer.view.last?.error); }
  else if (answer.ask !== undefined) confirmHooks(answer.ask, request);
  else if (answer.error) { forget(); say(answer.error, true); }
  return answer;
}

// While the reader drags, one request is on its way at most, and the newest waits.
let newest = null, previewing = false;

async function previewSoon(request) {
  newest = request;
  page.stopped = false;
  if (previewing) return;
  previewing = true;
  while (newest) {
    const request = newest;
    newest = null;
    const answer = await ask(request);
    if (page.stopped) break; // the gesture ended while Python was at it
    page.preview = answer.view ?? null;
    if (answer.view && request.do === "point") fillFields(answer.view.last.line);
    say(answer.error ?? answer.view.last.gave, answer.error || answer.view.last.error);
    draw();
  }
  previewing = false;
}

function showBoot({ stage, loaded, total }) {
  const percent = Math.round((100 * loaded) / total);
  $("progress").value = loaded / total;
  $("stage").textContent = percent < 100 ? `${stage}: ${percent} %` : `${stage} …`;
}

function showFatal(message) {
  $("stage").textContent = `Python did not start: ${message}`;
  $("boot").classList.add("error");
}

$("stop").onclick = async () => {
  worker.terminate();
  clearTimeout(slow);
  $("busy").hidden = true;
  previewing = false;
  forget();
  startPython();
  await ask({ do: "menu" });
  if (page.view) await tell({ do: "open", link: page.view.link, trusted: page.view.rules !== "HOOKS" });
};

// ---- small things -----------------------------------------------------------------------------

function node(parent, name, attributes = {}, text = null) {
  const made = parent.namespaceURI === SVG ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  parent.append(made);
  return made;
}

const colour = (id) => `rl-${(id - 1) % page.menu.colours}`;
const nameOf = (id) => page.view?.names[id] ?? `#${id}`;

function say(text, wrong = false) {
  $("said").textContent = text;
  $("said").classList.toggle("error", Boolean(wrong));
}

function forget() {
  page.stopped = true;
  page.place = null;
  page.preview = null;
  newest = null;
  if (page.view) draw();
}

// ---- scale: keys to pixels and back -----------------------------------------------------------

const width = (svg = $("board")) => Math.max(200, svg.clientWidth);

function x(key, svg) {
  const [low, high] = page.view.bounds;
  return LABEL + ((key - low) / (high - low)) * (width(svg) - LABEL - MARGIN);
}

function keyAt(pixel) {
  const [low, high] = page.view.bounds;
  return low + ((pixel - LABEL) / (width() - LABEL - MARGIN)) * (high - low);
}

function tickStep() {
  const [low, high] = page.view.bounds;
  const wanted = ((high - low) * 56) / width();
  const power = 10 ** Math.floor(Math.log10(Math.max(1, wanted)));
  return [1, 2, 5, 10].map((n) => n * power).find((step) => step >= wanted);
}

// ---- drawing ----------------------------------------------------------------------------------

// Overlapping intervals of a bag get lanes; disjoint ones all lie in the first.
function lanes(shapes) {
  const ends = [];
  return shapes.map(([, start, stop]) => {
    let lane = ends.findIndex((end) => end <= start);
    if (lane < 0) lane = ends.length;
    ends[lane] = stop;
    return lane;
  });
}

function drawAxis(svg, y, height) {
  const [low, high] = page.view.bounds;
  const step = tickStep();
  for (let key = Math.ceil(low / step) * step; key <= high; key += step) {
    node(svg, "line", { x1: x(key), x2: x(key), y1: y + 16, y2: y + height, class: "grid" });
    node(svg, "text", { x: x(key), y: y + 12, class: "tick" }, key);
  }
}

// Show as much of a text as has room; letters differ in width, so it is measured.
function fit(label, text, room) {
  let kept = Math.min(text.length, Math.max(0, Math.floor(room / 3)));
  label.textContent = kept < text.length ? text.slice(0, kept) + "…" : text;
  while (kept > 0 && label.getComputedTextLength() > room) label.textContent = text.slice(0, --kept) + "…";
  if (!kept) label.textContent = "";
}

function drawShapes(svg, y, label, shapes, made = () => "") {
  const lane = lanes(shapes);
  const deep = Math.max(1, ...lane.map((n) => n + 1));
  const owner = svg.ownerSVGElement ?? svg;
  node(svg, "text", { x: 8, y: y + ROW / 2 + 4, class: "row" }, label);
  shapes.forEach((shape, i) => {
    const [id, start, stop, text] = shape;
    const left = x(start, owner), size = Math.max(2, x(stop, owner) - left - 1);
    const top = y + lane[i] * (ROW + 2);
    const group = node(svg, "g", { class: `node ${id ? colour(id) : "rl-p"} ${made(shape)}` });
    group.dataset.row = label;
    group.dataset.start = start;
    group.dataset.stop = stop;
    group.dataset.value = text;
    node(group, "title", {}, `${id ? nameOf(id) + " " : ""}[${start}, ${stop}) = ${text}`);
    node(group, "rect", { x: left, y: top, width: size, height: ROW, rx: 5 });
    const value = node(group, "text", { x: left + size / 2, y: top + ROW / 2 + 5, class: "value" });
    fit(value, text, size - 8);
    if (id && size > value.getComputedTextLength() + 46) node(group, "text", { x: left + 6, y: top + 13, class: "id" }, nameOf(id));
  });
  return deep * (ROW + 2);
}

function drawWalk(svg, y, walk) {
  const arrow = walk.reverse ? "◂" : "▸";
  node(svg, "text", { x: 8, y: y + 19, class: "row" }, `${walk.name} ${arrow}`);
  const [low, high] = walk.window;
  if (low !== null || high !== null) {
    const left = x(low ?? page.view.bounds[0]), right = x(high ?? page.view.bounds[1]);
    node(svg, "rect", { x: left, y: y + 2, width: Math.max(1, right - left), height: TRACK - 6, class: "window" });
  }
  if (walk.extent) {
    const [a, b] = walk.extent;
    node(svg, "path", { d: `M${x(a)} ${y + 6}v14H${x(b)}v-14`, class: "extent" });
    node(svg, "circle", { cx: walk.reverse ? x(b) - 4 : x(a) + 4, cy: y + 20, r: 4, class: "anchor" });
  }
  walk.rest.forEach(([start, stop], i) => {
    const middle = (x(start) + x(stop)) / 2;
    node(svg, "line", { x1: x(start) + 2, x2: x(stop) - 2, y1: y + 13, y2: y + 13, class: "ahead" });
    node(svg, "circle", { cx: middle, cy: y + 13, r: 9, class: "order" });
    node(svg, "text", { x: middle, y: y + 17, class: "order" }, i + 1);
  });
}

function draw() {
  const svg = $("board"), view = page.view, then = page.preview ?? page.coming;
  svg.replaceChildren();
  const marks = node(svg, "g");
  const body = node(svg, "g");
  let y = AXIS + GAP;
  y += drawShapes(body, y, "now", view.nodes) + GAP;
  if (then && !then.last.error && (page.preview || then.last.fates.length)) {
    const made = new Set(then.last.fates.filter((fate) => fate.after).map((fate) => fate.id));
    y += drawShapes(body, y, page.preview ? "then" : "next", then.nodes, ([id]) => (made.has(id) ? "made" : "")) + GAP;
  } else {
    node(body, "text", { x: 8, y: y + ROW / 2 + 4, class: "row" }, page.coming && !page.preview ? "next" : "then");
    node(body, "text", { x: LABEL, y: y + ROW / 2 + 4, class: "hint" }, then && !page.preview ? `${then.log[view.at].call}: press Redo` : hint());
    y += ROW + 2 + GAP;
  }
  for (const walk of (page.preview && !page.preview.last.error ? page.preview : view).walks) {
    drawWalk(body, y, walk);
    y += TRACK;
  }
  drawAxis(marks, 0, y);
  drawPlace(marks, y);
  svg.setAttribute("viewBox", `0 0 ${width()} ${y}`);
  svg.style.height = `${y}px`;
  const told = page.preview ?? (view.last?.fates.length || !page.coming ? view : page.coming);
  drawWhat(told, told === page.coming ? "Next: " : "");
}

function drawPlace(svg, height) {
  if (!page.place) return;
  const [begin, end] = page.place.map((key) => x(key));
  node(svg, "rect", { x: Math.min(begin, end), y: AXIS, width: Math.abs(end - begin), height: height - AXIS, class: "marked" });
  node(svg, "line", { x1: end, x2: end, y1: AXIS - 6, y2: height, class: "caret" });
}

function hint() {
  const gestures = {
    span: "drag over keys", point: "press at a key", node: "press on a node", edge: "drag the border of a node",
    border: "press where two nodes touch", carry: "drag a node", push: "drag to the right or left", none: "press Do it",
  };
  return `${page.op}: ${gestures[page.menu.ops[page.op].gesture]}`;
}

// ---- what happens -----------------------------------------------------------------------------

function drawWhat(view, before) {
  const last = page.told = view.last;
  const words = last?.error || [last?.name, last?.case].filter(Boolean).join(" — ") || last?.gave;
  $("case").textContent = words ? before + words : "Nothing yet.";
  $("case").classList.toggle("error", Boolean(last?.error));
  $("picture").innerHTML = last?.picture ?? ""; // the library escapes every value
  const body = $("fates").tBodies[0];
  body.replaceChildren();
  for (const fate of last?.fates ?? []) {
    const row = node(body, "tr", { class: fate.kind });
    const head = node(row, "th", { scope: "row" });
    const chip = document.createElementNS(SVG, "svg");
    head.append(chip);
    for (const [name, value] of Object.entries({ class: "rl chip", width: 14, height: 14 })) chip.setAttribute(name, value);
    node(chip, "rect", { x: 1, y: 1, width: 12, height: 12, rx: 3, class: colour(fate.id) });
    head.append(` ${nameOf(fate.id)}`);
    for (const shape of [fate.before, fate.after]) {
      node(row, "td", {}, shape ? `[${shape[1]}, ${shape[2]}) ${shape[3]}` : "–");
    }
    node(row, "td", {}, fate.says.replace(/#(\d+)/, (_, id) => nameOf(id)));
  }
  $("fates").hidden = !last?.fates.length;
  const frames = last?.frames ?? [];
  $("steps").hidden = frames.length < 2;
  $("step").max = Math.max(0, frames.length - 1);
  $("step").value = frames.length - 1;
  drawFrame();
}

function drawFrame() {
  const frames = page.told?.frames ?? [];
  if (frames.length < 2) return;
  const at = Number($("step").value), frame = frames[at], svg = $("frame");
  const made = new Set(frame.made.map(String));
  svg.replaceChildren();
  const shapes = frame.pieces.map((piece) => [0, ...piece]);
  const height = drawShapes(svg, 2, `${at}/${frames.length - 1}`, shapes, ([, ...piece]) => (made.has(String(piece)) ? "made" : ""));
  svg.setAttribute("viewBox", `0 0 ${width(svg)} ${height + 4}`);
  $("step-says").textContent = frame.says;
}

function step(by) {
  $("step").value = Number($("step").value) + by;
  drawFrame();
}

$("step").oninput = drawFrame;
$("step-back").onclick = () => step(-1);
$("step-on").onclick = () => step(1);

// ---- the rest of the page ---------------------------------------------------------------------

function show(view) {
  page.view = view;
  page.place = null;
  const left = view.log.length - view.at;
  $("undo").disabled = view.at === 0;
  $("redo").disabled = left === 0;
  $("redo").textContent = left ? `Redo ▸ (${left})` : "Redo ▸";
  $("rules").value = view.rules;
  showRules();
  if (view.hooks) $("hooks").value = view.hooks;
  if (view.note) showNote(view.note);
  showLog(view);
  showWalks(view);
  history.replaceState(null, "", `#${view.link}`);
  page.coming = null;
  draw();
  if (left) showComing(view);
}

// The next line of a scene is shown before it is carried out.
async function showComing(view) {
  const answer = await ask({ do: "peek" });
  if (page.view !== view || !answer.view) return;
  page.coming = answer.view;
  draw();
}

// What stands in backquotes is code.
function showNote(text) {
  $("note").replaceChildren(...text.split("`").map((part, i) => {
    const made = document.createElement(i % 2 ? "code" : "span");
    made.textContent = part;
    return made;
  }));
}

function showLog(view) {
  $("log").replaceChildren();
  view.log.forEach(({ call, gave }, i) => {
    const line = node($("log"), "li", { class: i < view.at ? "done" : "undone" });
    const button = node(line, "button", { type: "button", title: "Go here" });
    node(button, "code", {}, call);
    if (gave) node(button, "span", { class: "gave" }, ` → ${gave}`);
    if (i + 1 === view.at) button.setAttribute("aria-current", "step");
    button.onclick = () => tell({ do: "go", at: i + 1 });
  });
}

function showWalks(view) {
  const list = $("walk-list");
  list.replaceChildren();
  if (!view.walks.length) node(list, "p", { class: "quiet" }, "None yet. Begin one, then change the list under it.");
  for (const walk of view.walks) {
    const box = node(list, "div", { class: "walk" });
    const head = node(box, "div", { class: "bar" });
    node(head, "strong", {}, `${walk.name}: ${walk.kind}${walk.reverse ? ", backwards" : ""}`);
    const ops = walk.kind === "cursor" ? ["next", "prev", "drop"] : ["next", "drop"];
    for (const op of ops) {
      node(head, "button", { type: "button" }, op).onclick = () => tell({ do: "play", line: { op, name: walk.name } });
    }
    const stands = walk.extent ? `stands at [${walk.extent.join(", ")})` : "has not begun";
    node(box, "p", {}, [stands, ...walk.status].join(", "));
    const ahead = walk.rest.map(([start, stop, text]) => `[${start}, ${stop}) ${text}`);
    node(box, "p", { class: "rest" }, `delivers next: ${ahead.join(" · ") || "nothing more"}`);
  }
}

function showRules() {
  const rules = page.menu.rules.find((one) => one.id === $("rules").value);
  $("rules-note").textContent = rules.note;
  $("hooks-box").hidden = rules.id !== "HOOKS";
  const list = document.getElementById("samples");
  if (list) {
    list.replaceChildren();
    rules.samples.forEach((value) => node(list, "option", { value }));
  }
  const value = $("fields").elements.value;
  if (value && !value.dataset.typed) value.value = rules.samples[0];
}

// ---- verbs and their fields -------------------------------------------------------------------

const WALK_OPS = new Set(["walk", "next", "prev", "seek", "drop"]);
const OPTIONS = { gaps: ["skip", "raise", "include"], keep: ["left", "right"], overwrite: ["false", "true"] };

function showVerbs() {
  for (const [name, op] of Object.entries(page.menu.ops)) {
    if (WALK_OPS.has(name)) continue;
    const button = node($("verbs"), "button", { type: "button", role: "radio", title: op.says, "aria-checked": "false" }, name);
    button.onclick = () => choose(name);
  }
  $("verbs").onkeydown = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const all = [...$("verbs").children];
    const next = all[(all.findIndex((one) => one.textContent === page.op) + by + all.length) % all.length];
    choose(next.textContent);
    next.focus();
  };
}

function choose(name) {
  page.op = name;
  for (const button of $("verbs").children) {
    const chosen = button.textContent === name;
    button.setAttribute("aria-checked", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  showFields();
  forget();
  say(page.menu.ops[name].says);
}

function showFields() {
  const form = $("fields"), kept = form.elements.value?.value, typed = form.elements.value?.dataset.typed;
  form.replaceChildren();
  const { required, optional } = page.menu.ops[page.op];
  for (const name of [...required, ...optional]) {
    const label = node(form, "label", {}, `${name} `);
    if (OPTIONS[name]) {
      const select = node(label, "select", { name });
      OPTIONS[name].forEach((option) => node(select, "option", {}, option));
    } else if (name === "value") {
      const input = node(label, "input", { name, list: "samples", size: 12 });
      if (kept !== undefined) input.value = kept;
      if (typed) input.dataset.typed = "yes";
      input.addEventListener("input", () => { input.dataset.typed = "yes"; });
    } else {
      node(label, "input", { name, inputmode: "numeric", size: 5 });
    }
  }
  node(form, "datalist", { id: "samples" });
  node(form, "button", { type: "submit", class: "main" }, "Do it");
  showRules();
}

function fillFields(line) {
  for (const input of $("fields").elements) {
    if (input.name && input.name !== "value" && line[input.name] !== undefined) input.value = line[input.name];
  }
}

// What the form says; a field left empty is not said.
function formLine() {
  const line = { op: page.op };
  for (const input of $("fields").elements) {
    if (!input.name || (input.value === "" && input.name !== "value")) continue;
    if (OPTIONS[input.name]?.[0] === input.value) continue; // the default need not be said
    line[input.name] = input.name === "overwrite" ? input.value === "true" : input.value;
  }
  return line;
}

$("fields").onsubmit = (event) => {
  event.preventDefault();
  tell({ do: "play", line: formLine() });
};

$("fields").oninput = () => {
  page.place = null;
  previewSoon({ do: "preview", line: formLine() });
};

// ---- pointing ---------------------------------------------------------------------------------

function pointed(play) {
  const [begin, end] = page.place;
  return { do: "point", op: page.op, begin, end, more: formLine(), play };
}

const keyOf = (event) => keyAt(event.clientX - $("board").getBoundingClientRect().left);
const DRAGGED = new Set(["span", "edge", "carry", "push"]);

$("board").onpointerdown = (event) => {
  if (!page.view || event.button) return;
  $("board").setPointerCapture(event.pointerId);
  page.pointing = true;
  page.place = [keyOf(event), keyOf(event)];
  if (DRAGGED.has(page.menu.ops[page.op].gesture)) draw();
  else previewSoon(pointed(false));
};

$("board").onpointermove = (event) => {
  if (!page.pointing) return;
  page.place = [page.place[0], keyOf(event)];
  draw();
  previewSoon(pointed(false));
};

$("board").onpointerup = () => {
  if (!page.pointing) return;
  page.pointing = false;
  const [begin, end] = page.place.map(Math.round);
  if (begin === end && DRAGGED.has(page.menu.ops[page.op].gesture)) {
    forget();
    page.place = [begin, begin]; // the keyboard goes on from here
    draw();
    return;
  }
  const request = pointed(true);
  forget();
  tell(request);
};

$("board").onpointercancel = () => { page.pointing = false; forget(); };

$("board").onkeydown = (event) => {
  if (!page.view) return;
  const [low, high] = page.view.bounds;
  const [begin, end] = (page.place ?? [low, low]).map(Math.round);
  const moves = { ArrowLeft: end - 1, ArrowRight: end + 1, PageUp: end - tickStep(), PageDown: end + tickStep(), Home: low, End: high };
  if (event.key in moves) {
    const to = Math.min(high, Math.max(low, page.place ? moves[event.key] : end));
    page.place = event.shiftKey ? [begin, to] : [to, to];
    draw();
    if (event.shiftKey || !DRAGGED.has(page.menu.ops[page.op].gesture)) previewSoon(pointed(false));
    else { page.preview = null; say(`at ${to}`); draw(); }
  } else if (event.key === "Enter" && (page.place || page.op === "clear")) {
    page.place = page.place ?? [low, low];
    const request = pointed(true);
    forget();
    tell(request);
  } else if (event.key === "Escape") {
    forget();
    say("");
  } else if ((event.key === "n" || event.key === "p") && page.view.walks.length) {
    const walk = page.view.walks.at(-1);
    tell({ do: "play", line: { op: event.key === "n" ? "next" : "prev", name: walk.name } });
  } else return;
  event.preventDefault();
};

// ---- undo, scenes, policy, begin anew ---------------------------------------------------------

const go = (by) => {
  const at = (page.view?.at ?? 0) + by;
  if (page.view && at >= 0 && at <= page.view.log.length) tell({ do: "go", at });
};
$("undo").onclick = () => go(-1);
$("redo").onclick = () => go(1);

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return;
  event.preventDefault();
  go(key === "y" || event.shiftKey ? 1 : -1);
});

function showScenes() {
  $("colours").textContent = page.menu.style;
  const groups = new Map();
  for (const { id, group, title } of page.menu.scenes) {
    if (!groups.has(group)) groups.set(group, node($("scene"), "optgroup", { label: group }));
    node(groups.get(group), "option", { value: id }, title);
  }
  for (const { id, label } of page.menu.rules) node($("rules"), "option", { value: id }, label);
}

function leaveScene() {
  $("scene").value = "";
  $("note").textContent = "";
}

$("scene").onchange = () => $("scene").value && tell({ do: "scene", name: $("scene").value });
const otherScene = (by) => {
  const select = $("scene"), to = select.selectedIndex + by;
  if (to < 1 || to >= select.options.length) return;
  select.selectedIndex = to;
  select.onchange();
};
$("scene-prev").onclick = () => otherScene(-1);
$("scene-next").onclick = () => otherScene(1);

$("rules").onchange = () => {
  showRules();
  if ($("rules").value !== "HOOKS") tell({ do: "rules", rules: $("rules").value });
};
$("hooks-run").onclick = () => tell({ do: "rules", rules: "HOOKS", hooks: $("hooks").value });

$("begin").onclick = () => {
  leaveScene();
  const rules = $("rules").value;
  tell({ do: "new", items: $("items").value, rules, hooks: rules === "HOOKS" ? $("hooks").value : "" });
};

$("new-walk").onsubmit = (event) => {
  event.preventDefault();
  const form = $("new-walk").elements;
  const used = new Set(page.view.walks.map((walk) => walk.name));
  const name = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].find((letter) => !used.has(letter));
  const line = { op: "walk", name, kind: form.kind.value };
  if (form.reverse.checked) line.reverse = true;
  for (const field of ["start", "stop"]) if (form[field].value) line[field] = form[field].value;
  tell({ do: "play", line });
};

// ---- links and files --------------------------------------------------------------------------

const FILES = {
  link: ["link.txt", "text/plain"], svg: ["board.svg", "image/svg+xml"], python: ["test_board.py", "text/x-python"],
  trace: ["board.jsonl", "application/jsonl"], c: ["test_board.c", "text/x-c"],
};

for (const button of document.querySelectorAll("[data-export]")) {
  button.onclick = async () => {
    const kind = button.dataset.export;
    const answer = kind === "link" ? { text: location.href } : await ask({ do: "export", kind });
    $("taken").hidden = $("taken-bar").hidden = Boolean(answer.error);
    if (answer.error) return say(answer.error, true);
    const [name, type] = FILES[kind];
    $("taken").value = answer.text;
    $("download").download = name;
    $("download").href = `data:${type};charset=utf-8,${encodeURIComponent(answer.text)}`;
  };
}

$("copy").onclick = async () => {
  $("taken").select();
  try { await navigator.clipboard.writeText($("taken").value); say("copied"); }
  catch { say("marked: copy it with the keyboard"); }
};

function confirmHooks(code, request) {
  $("ask-code").textContent = code;
  $("ask").onclose = () => {
    if ($("ask").returnValue === "yes") tell({ ...request, trusted: true });
    else tell({ do: "scene", name: page.menu.scenes[0].id });
  };
  $("ask").returnValue = "no";
  $("ask").showModal();
}

async function openAddress() {
  const hash = location.hash.slice(1);
  if (hash.startsWith("scene=")) {
    $("scene").value = hash.slice(6);
    return tell({ do: "scene", name: hash.slice(6) });
  }
  if (hash) {
    const answer = await tell({ do: "open", link: hash });
    if (!answer.error) return answer;
  }
  $("scene").value = "part-left-part";
  return tell({ do: "scene", name: "part-left-part" });
}

// For tests: whether all that was asked is answered, and where a key is on the board.
window.boardIsIdle = () => page.view !== null && !waiting.size && !previewing;
window.boardPlace = (key) => x(key);

window.addEventListener("hashchange", openAddress); // not fired by what the page writes itself
new ResizeObserver(() => page.view && draw()).observe($("board"));

startPython();
page.menu = await ask({ do: "menu" });
showScenes();
showVerbs();
choose("set");
await openAddress();
$("boot").hidden = true;
document.body.dataset.ready = "yes";
