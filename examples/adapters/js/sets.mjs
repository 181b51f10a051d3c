// Sets of integers under the oracle, kept as closed ranges: node sets.mjs drange | multi-integer-range

import { createRequire } from "node:module";
import { piece, serve, span, window } from "./wire.mjs";

const require = createRequire(import.meta.url);
const which = process.argv[2] ?? "drange";
const CLOSED = { closed: true };

// `ranges` gives [low, high] in order.
const libraries = {
  drange: async () => {
    const DRange = require("drange");
    return {
      make: () => new DRange(),
      add: (set, low, high) => set.add(low, high),
      remove: (set, low, high) => set.subtract(low, high),
      slice: (set, low, high) => set.clone().intersect(low, high),
      ranges: (set) => set.subranges().map(({ low, high }) => [low, high]),
    };
  },
  "multi-integer-range": async () => {
    const { MultiRange } = await import("multi-integer-range");
    return {
      make: () => new MultiRange(),
      add: (set, low, high) => set.append([[low, high]]),
      remove: (set, low, high) => set.subtract([[low, high]]),
      slice: (set, low, high) => set.clone().intersect([[low, high]]),
      ranges: (set) => set.getRanges(),
      has: (set, low, high) => set.has([[low, high]]),
    };
  },
};

if (!libraries[which]) throw new Error(`no library ${which}, want ${Object.keys(libraries).join(" or ")}`);
const library = await libraries[which]();
let set;
const reset = () => { set = library.make(); };
reset();

const pieces = (some) => library.ranges(some).map(([low, high]) => piece(low, high, "a"));
const ends = () => {
  const ranges = library.ranges(set);
  return ranges.length ? [ranges[0][0], ranges.at(-1)[1]] : [0, -1];
};

const ops = {
  set: (line) => { library.add(set, ...span(line, CLOSED)); },
  remove: (line) => {
    if (line.start !== undefined && line.stop !== undefined) span(line, CLOSED);
    const hole = window(line, ends(), CLOSED);
    if (hole) library.remove(set, ...hole);
  },
  clear: reset,
  dump: () => pieces(set),
  slice: (line) => {
    const found = window(line, ends(), CLOSED);
    return found ? pieces(library.slice(set, ...found)) : [];
  },
};
if (library.has) {
  ops.covers = (line) => {
    const asked = window(line, ends(), CLOSED);
    return !asked || library.has(set, ...asked);
  };
}

const { version } = require(`./node_modules/${which}/package.json`);
const words = ["void", "values=one", "ends=closed", "coalesce=equal", "merge=left", "split=copy"];
await serve({ name: which, version, words, reset, ops });
