// range-ts under the oracle: node range-ts.mjs coalescing | put

import { createRequire } from "node:module";
import { piece, serve, span, window, number } from "./wire.mjs";

const require = createRequire(import.meta.url);
const { RangeMap, NumberRange } = require("range-ts");
const { version } = require("./node_modules/range-ts/package.json");
const how = process.argv[2] ?? "coalescing";
const put = { coalescing: "putCoalescing", put: "put" }[how];
if (!put) throw new Error(`no way to write ${how}, want coalescing or put`);

let map = new RangeMap();

const pieces = (some) =>
  [...some.asMapOfRanges()].map(([range, value]) => piece(range.lowerEndpoint, range.upperEndpoint, value));
const everything = [-Infinity, Infinity];

const ops = {
  set: (line) => { map[put](NumberRange.closedOpen(...span(line)), line.value); },
  remove: (line) => {
    if (line.start !== undefined && line.stop !== undefined) span(line);
    map.remove(NumberRange.closedOpen(...window(line, ...everything)));
  },
  clear: () => { map = new RangeMap(); },
  dump: () => pieces(map),
  at: ({ key }) => {
    const found = map.getEntry(number(key));
    return found && piece(found[0].lowerEndpoint, found[0].upperEndpoint, found[1]);
  },
  slice: (line) => pieces(map.subRangeMap(NumberRange.closedOpen(...window(line, ...everything)))),
};

const words = ["void", `coalesce=${how === "put" ? "never" : "equal"}`, "merge=left", "split=copy"];
await serve({ name: `range-ts ${how}`, version, words, reset: () => { map = new RangeMap(); }, ops });
