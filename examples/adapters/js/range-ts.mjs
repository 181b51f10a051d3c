// range-ts under the oracle.  The first argument chooses the method that writes: putCoalescing | put

import { createRequire } from "node:module";
import { number, piece, serve, span, window } from "./wire.mjs";

const require = createRequire(import.meta.url);
const { RangeMap, NumberRange } = require("range-ts");
const { version } = require("./node_modules/range-ts/package.json");
const HALF_OPEN = { closed: false };
const ALL = [-Infinity, Infinity];

const put = process.argv[2] ?? "putCoalescing";
const rule = { putCoalescing: "equal", put: "never" }[put];
if (!rule) throw new Error(`no method ${put}, want putCoalescing or put`);

let map;
const reset = () => { map = new RangeMap(); };
reset();

const pieces = (some) =>
  [...some.asMapOfRanges()].map(([range, value]) => piece(range.lowerEndpoint, range.upperEndpoint, value));

const ops = {
  set: (line) => { map[put](NumberRange.closedOpen(...span(line, HALF_OPEN)), line.value); },
  remove: (line) => {
    if (line.start !== undefined && line.stop !== undefined) span(line, HALF_OPEN);
    map.remove(NumberRange.closedOpen(...window(line, ALL, HALF_OPEN)));
  },
  clear: reset,
  dump: () => pieces(map),
  at: ({ key }) => {
    const found = map.getEntry(number(key));
    return found && piece(found[0].lowerEndpoint, found[0].upperEndpoint, found[1]);
  },
  slice: (line) => {
    const asked = window(line, ALL, HALF_OPEN);
    return asked ? pieces(map.subRangeMap(NumberRange.closedOpen(...asked))) : [];
  },
};

const words = ["void", `coalesce=${rule}`, "merge=left", "split=copy"];
await serve({ name: `range-ts ${put}`, version, words, reset, ops });
