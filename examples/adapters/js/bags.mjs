// Trees of intervals that may overlap, as bags under the oracle: node bags.mjs flatten | node-interval-tree
//
// Both keep closed intervals; keys are BigInts, which both take.

import { createRequire } from "node:module";
import { piece, Refusal, serve, span, window } from "./wire.mjs";

const require = createRequire(import.meta.url);
const which = process.argv[2] ?? "flatten";

// An insert and a remove say whether they did something; `search` gives [low, high, value].
const libraries = {
  flatten: {
    name: "@flatten-js/interval-tree",
    make: () => new (require("@flatten-js/interval-tree").default)(),
    insert: (tree, low, high, value) => tree.insert([low, high], value),
    remove: (tree, low, high, value) => tree.remove([low, high], value),
    search: (tree, low, high) => tree.search([low, high], (value, key) => [key.low, key.high, value]),
  },
  "node-interval-tree": {
    name: "node-interval-tree",
    make: () => new (require("node-interval-tree").IntervalTree)(),
    insert: (tree, low, high, value) => tree.insert({ low, high, value }),
    remove: (tree, low, high, value) => tree.remove({ low, high, value }),
    search: (tree, low, high) => tree.search(low, high).map(({ low: a, high: b, value }) => [a, b, value]),
  },
};

const library = libraries[which];
if (!library) throw new Error(`no library ${which}, want ${Object.keys(libraries).join(" or ")}`);
const { version } = require(`./node_modules/${library.name}/package.json`);
const FAR = 10n ** 30n; // further out than any key of a trace
let tree = library.make();

const found = (start, stop) =>
  start < stop ? library.search(tree, start, stop - 1n).map(([low, high, value]) => piece(low, high + 1n, value)) : [];

const ops = {
  "bag.add": (line) => { const [start, stop] = span(line, BigInt); library.insert(tree, start, stop - 1n, line.value); },
  "bag.discard": (line) => {
    const [start, stop] = [BigInt(line.start), BigInt(line.stop)];
    if (!library.remove(tree, start, stop - 1n, line.value)) throw new Refusal("Missing");
  },
  "bag.overlapping": (line) => found(...window(line, -FAR, FAR, BigInt)),
  "bag.at": ({ key }) => found(BigInt(key), BigInt(key) + 1n),
};

const words = ["coalesce=equal", "merge=left", "split=copy", "overlap=new"];
await serve({ name: library.name, version, words, reset: () => { tree = library.make(); }, ops });
