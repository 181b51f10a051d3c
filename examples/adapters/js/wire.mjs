// The dialogue with the oracle, for adapters in JavaScript: JSON lines in, JSON lines out.

import { createInterface } from "node:readline";

/** A right answer: the name of an error of the protocol. */
export class Refusal extends Error {}

class Skip extends Error {}

/** A key as a number; most libraries have no other integers. */
export const number = (text) => {
  const key = Number(text);
  if (Number.isSafeInteger(key)) return key;
  throw new Skip("a key beyond 2^53");
};

/** The ends of a write.  That an empty span is an error is a rule of the protocol.
 *  `closed`: the stop is the last key (ends=closed) and not the first one behind. */
export const span = ({ start, stop }, { closed, key = number }) => {
  const [low, high] = [key(start), key(stop)];
  if (closed ? high < low : high <= low) throw new Refusal("EmptySpan");
  return [low, high];
};

/** The ends of a window, or null if it is empty; an end that is left out is one of `ends`. */
export const window = ({ start, stop }, ends, { closed, key = number }) => {
  const low = start === undefined ? ends[0] : key(start);
  const high = stop === undefined ? ends[1] : key(stop);
  if (start !== undefined && stop !== undefined) {
    const width = BigInt(stop) + BigInt(closed) - BigInt(start);
    if (width < 0n) throw new Refusal("EmptySpan");
  }
  return (closed ? high < low : high <= low) ? null : [low, high];
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
      if (error instanceof Skip) return { skip: error.message };
      throw error;
    }
  };
  for await (const text of createInterface({ input: process.stdin })) {
    const line = JSON.parse(text);
    process.stdout.write(JSON.stringify(reply(line)) + "\n");
    if (line.op === "stop") break;
  }
};
