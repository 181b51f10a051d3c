// Trees of intervals that may overlap, as bags under the oracle: node bags.mjs flatten | node-interval-tree
//
// Both keep closed intervals, and take BigInts as keys.

import { createRequire } from "node:module";
import { piece, Refusal, serve, span, window } from "./wire.mjs";

const require = createRequire(import.meta.url);
const which = process.argv[2] ?? "flatten";
const CLOSED = { closed: true, key: BigInt };
const FAR = [-(10n ** 30n), 10n ** 30n]; // further out than any key of a trace

// What flatten finds is in the order of (low, high); the age makes it that of a bag.  Its trees compare values by
// `equal_to`, and remove the first equal one of a key.
let age = 0;
class Aged {
  constructor(value) { Object.assign(this, { value, age: age++ }); }
  equal_to(other) { return this.value === other.value; }
}

// A remove says whether it did something; `search` gives [low, high, value].
const libraries = {
  flatten: {
    name: "@flatten-js/interval-tree",
    words: [],
    make: () => new (require("@flatten-js/interval-tree").default)(),
    insert: (tree, low, high, value) => tree.insert([low, high], new Aged(value)),
    remove: (tree, low, high, value) => tree.remove([low, high], new Aged(value)),
    search: (tree, low, high) =>
      tree.search([low, high], (aged, key) => ({ key, aged }))
        .sort((a, b) => (a.key.low < b.key.low ? -1 : a.key.low > b.key.low ? 1 : a.aged.age - b.aged.age))
        .map(({ key, aged }) => [key.low, key.high, aged.value]),
  },
  "node-interval-tree": {
    name: "node-interval-tree",
    words: ["bag=set"],
    make: () => new (require("node-interval-tree").IntervalTree)(),
    insert: (tree, low, high, value) => tree.insert({ low, high, value }),
    remove: (tree, low, high, value) => tree.remove({ low, high, value }),
    search: (tree, low, high) => tree.search(low, high).map(({ low: a, high: b, value }) => [a, b, value]),
  },
};

const library = libraries[which];
if (!library) throw new Error(`no library ${which}, want ${Object.keys(libraries).join(" or ")}`);
let tree;
const reset = () => { tree = library.make(); };
reset();

const found = (asked) => (asked ? library.search(tree, ...asked).map((row) => piece(...row)) : []);

const ops = {
  "bag.add": (line) => { library.insert(tree, ...span(line, CLOSED), line.value); },
  "bag.discard": (line) => {
    if (!library.remove(tree, ...span(line, CLOSED), line.value)) throw new Refusal("Missing");
  },
  "bag.overlapping": (line) => found(window(line, FAR, CLOSED)),
  "bag.at": ({ key }) => found([BigInt(key), BigInt(key)]),
};

const { version } = require(`./node_modules/${library.name}/package.json`);
await serve({ name: library.name, version, words: ["ends=closed", ...library.words], reset, ops });
