// Sets of integers under the oracle, kept as closed ranges: node sets.mjs drange | multi-integer-range

import { createRequire } from "node:module";
import { piece, serve, span, window } from "./wire.mjs";

const require = createRequire(import.meta.url);
const which = process.argv[2] ?? "drange";
const { version } = require(`./node_modules/${which}/package.json`);

// What each library calls it: `ranges` gives closed [low, high] in order.
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
      make: () => new MultiRange([], { parseNegative: true }),
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
let set = library.make();

const pieces = (some) => library.ranges(some).map(([low, high]) => piece(low, high + 1, "a"));
const ends = () => {
  const ranges = library.ranges(set);
  return ranges.length ? [ranges[0][0], ranges.at(-1)[1] + 1] : [0, 0];
};

const ops = {
  set: (line) => { const [start, stop] = span(line); library.add(set, start, stop - 1); },
  remove: (line) => {
    if (line.start !== undefined && line.stop !== undefined) span(line);
    const [start, stop] = window(line, ...ends());
    if (start < stop) library.remove(set, start, stop - 1);
  },
  clear: () => { set = library.make(); },
  dump: () => pieces(set),
  slice: (line) => {
    const [start, stop] = window(line, ...ends());
    return start < stop ? pieces(library.slice(set, start, stop - 1)) : [];
  },
};
if (library.has)
  ops.covers = (line) => {
    const [start, stop] = window(line);
    return start === stop || library.has(set, start, stop - 1);
  };

const words = ["void", "values=one", "coalesce=equal", "merge=left", "split=copy"];
await serve({ name: which, version, words, reset: () => { set = library.make(); }, ops });
