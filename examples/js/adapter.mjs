// The adapter between rangelist.mjs and the oracle: JSON lines in, JSON lines out.
//
//   python -m rangelist.oracle run --cmd "node adapter.mjs"

import { createInterface } from "node:readline";
import { RangeList, equal } from "./rangelist.mjs";

const SAME = { equal, never: () => false, always: () => true };
const key = (text) => (text === undefined ? null : BigInt(text));
const piece = (node) => node && [String(node.start), String(node.stop), node.value];
const fail = (name) => { throw Object.assign(new Error(name), { name }); };

let list, cursors;

const covering = (text) => list.at(BigInt(text)) ?? fail("Missing");

// The ends of a window; null if an open end makes it empty.
const window_ = ({ start, stop }, empty) => {
  const low = key(start) ?? list.nodes[0]?.start, high = key(stop) ?? list.nodes.at(-1)?.stop;
  if (start !== undefined && stop !== undefined) {
    if (!empty) return [low, high]; // the list refuses it itself
    if (high < low) fail("EmptySpan");
  }
  return low === undefined || high === undefined || !(low < high) ? null : [low, high];
};

const cursorOf = (c) => cursors.get(c) ?? fail("NoCursor");
const twoWay = (c) => (cursorOf(c).sticky ? fail("OneWay") : cursorOf(c).at);

const step = (c) => {
  const cursor = cursorOf(c);
  const found = cursor.over ? null : cursor.coverage ? cursor.at.sweep() : cursor.at.next();
  if (!found) cursor.over = cursor.sticky;
  return piece(found);
};

const ops = {
  set: ({ start, stop, value }) => piece(list.set(key(start), key(stop), value)),
  insert: ({ start, stop, value }) => piece(list.insert(key(start), key(stop), value)),
  fill: ({ start, stop, value }) => list.fill(key(start), key(stop), value),
  remove: (line) => { const w = window_(line); return w ? list.remove(...w).map(piece) : []; },
  coalesce: (line) => {
    const w = line.start !== undefined && line.start === line.stop
      ? [key(line.start), key(line.stop)] // one border
      : window_(line, true);
    return w ? list.coalesce(...w) : 0;
  },
  clear: () => (list.clear(), null),
  split: ({ at }) => piece(list.split(key(at))),
  merge: ({ left, right, value }) => {
    const node = list.merge(covering(left), covering(right));
    return piece(value === undefined ? node : Object.assign(node, { value }));
  },
  replace: ({ at, value }) => piece(list.replace(covering(at), value)),
  resize: ({ at, start, stop }) => {
    const node = covering(at);
    return piece(list.resize(node, key(start) ?? node.start, key(stop) ?? node.stop));
  },
  discard: ({ at }) => { const node = covering(at); list.discard(node); return piece(node); },
  dump: () => list.nodes.map(piece),
  len: () => list.nodes.length,
  at: (line) => piece(list.at(key(line.key))),
  first: () => piece(list.nodes[0] ?? null),
  last: () => piece(list.nodes.at(-1) ?? null),
  overlapping: (line) => { const w = window_(line, true); return w ? list.overlapping(...w).map(piece) : []; },
  gaps: (line) => { const w = window_(line, true); return w ? list.gaps(...w).map((gap) => gap.map(String)) : []; },
  cursor: ({ c, walk, sticky, reverse, start, stop }) => {
    const at = list.cursor({ reverse: reverse ?? false, start: key(start), stop: key(stop) });
    const coverage = walk === "C";
    cursors.set(c, { at, coverage, sticky: coverage || (sticky ?? false), over: false });
    return null;
  },
  next: ({ c }) => step(c),
  prev: ({ c }) => piece(twoWay(c).prev()),
  drain: ({ c }) => { const all = []; for (let p; (p = step(c)); ) all.push(p); return all; },
  current: ({ c }) => { const at = twoWay(c); return [piece(at.cover()?.node ?? null), at.status()]; },
  seek: (line) => (twoWay(line.c).seek(key(line.key)), null),
  reset: ({ c }) => (twoWay(c).reset(), null),
};

const capabilities = [...Object.keys(ops), "walk=E", "walk=C", "reverse", "window", "sticky", "resumable",
  ...Object.keys(SAME).map((rule) => `coalesce=${rule}`), "merge=left", "split=copy", "overlap=new"];

const ERRORS = ["EmptySpan", "Overlap", "NotTouching", "Missing", "NoCursor", "OneWay"];

const reply = (line) => {
  if (line.op === "start") return { ok: { name: "rangelist.mjs", version: "1", capabilities } };
  if (line.op === "stop") return { ok: null };
  if ("op" in line && !(line.op in ops)) return { skip: `no ${line.op}` };
  if (!("op" in line)) {
    list = new RangeList(SAME[line.coalesce ?? "equal"]);
    cursors = new Map();
    return { ok: null };
  }
  try {
    return { ok: ops[line.op](line) };
  } catch (error) {
    if (ERRORS.includes(error.name)) return { err: error.name };
    throw error;
  }
};

reply({});
for await (const text of createInterface({ input: process.stdin })) {
  const line = JSON.parse(text);
  process.stdout.write(JSON.stringify(reply(line)) + "\n");
  if (line.op === "stop") break;
}
