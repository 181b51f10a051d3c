// The dialogue with the oracle, for adapters in JavaScript: JSON lines in, JSON lines out.

import { createInterface } from "node:readline";

/** A right answer: the name of an error of the protocol. */
export class Refusal extends Error {}

export const skip = (why) => { throw Object.assign(new Error(why), { skip: why }); };

/** A key as a number; most libraries have no other integers. */
export const number = (text) => {
  const key = Number(text);
  return Number.isSafeInteger(key) ? key : skip("a key beyond 2^53");
};

/** The ends of a write; that an empty span is an error is a rule of the protocol. */
export const span = ({ start, stop }, key = number) => {
  const ends = [key(start), key(stop)];
  if (!(ends[0] < ends[1])) throw new Refusal("EmptySpan");
  return ends;
};

/** The ends of a window; one that is left out is `low` or `high`. */
export const window = ({ start, stop }, low, high, key = number) => {
  const ends = [start === undefined ? low : key(start), stop === undefined ? high : key(stop)];
  if (start !== undefined && stop !== undefined && ends[1] < ends[0]) throw new Refusal("EmptySpan");
  return ends;
};

export const piece = (start, stop, value) => [String(start), String(stop), value];

/** Serve an adapter { name, version, words, reset, ops }; `ops` are functions of a line. */
export const serve = async ({ name, version, words, reset, ops }) => {
  const reply = (line) => {
    if (line.op === undefined) return (reset(line), { ok: null });
    if (line.op === "stop") return { ok: null };
    if (line.op === "start") return { ok: { name, version, capabilities: [...words, ...Object.keys(ops)] } };
    if (!Object.hasOwn(ops, line.op)) return { skip: `no ${line.op}` };
    try {
      return { ok: ops[line.op](line) ?? null };
    } catch (error) {
      if (error instanceof Refusal) return { err: error.message };
      if (error.skip) return { skip: error.skip };
      throw error;
    }
  };
  for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    process.stdout.write(JSON.stringify(reply(line)) + "\n");
    if (line.op === "stop") break;
  }
};
