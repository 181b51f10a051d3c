// Disjoint intervals that merge and split, in JavaScript: a sorted array of { start, stop, value }.
//
//   set       [---a---]....[-b-]      overwrite, cut what is in the way, merge at both borders
//             [-a-][---c---][b-]
//   remove    [-a-].........[b-]      punch a hole, never merge
//
// Keys are anything that `<` orders: numbers, BigInts, strings.  A write that throws has changed nothing.
// A cursor is a coordinate, the extent it delivered last: it stays good whatever happens to the list.

export class ListError extends Error {
  constructor(name, message) {
    super(message);
    this.name = name; // EmptySpan, Overlap, NotTouching
  }
}

const check = (start, stop) => {
  if (!(start < stop)) throw new ListError("EmptySpan", `[${start}, ${stop}) is no span`);
};

export const equal = (left, right) => left === right;

export class RangeList {
  constructor(same = equal) {
    this.same = same;
    this.nodes = [];
  }

  // ---- reads

  /** The index of the first node with stop > key. */
  firstBeyond(key) {
    let low = 0, high = this.nodes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key < this.nodes[middle].stop) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  at(key) {
    const node = this.nodes[this.firstBeyond(key)];
    return node && node.start <= key ? node : null;
  }

  overlapping(start, stop) {
    const from = this.firstBeyond(start);
    let to = from;
    while (to < this.nodes.length && this.nodes[to].start < stop) to++;
    return start < stop ? this.nodes.slice(from, to) : [];
  }

  gaps(start, stop) {
    const found = [];
    for (const node of this.overlapping(start, stop)) {
      if (start < node.start) found.push([start, node.start]);
      start = node.stop;
    }
    if (start < stop) found.push([start, stop]);
    return found;
  }

  // ---- writes by span

  /** Cut the node that strictly contains `at`; the left part stays the node it was. */
  split(at) {
    const i = this.firstBeyond(at), node = this.nodes[i];
    if (!node || !(node.start < at)) return null;
    const right = { start: at, stop: node.stop, value: node.value };
    node.stop = at;
    this.nodes.splice(i + 1, 0, right);
    return right;
  }

  /** Join the node at index i with its successor if they touch and are the same. */
  join(i) {
    const left = this.nodes[i], right = this.nodes[i + 1];
    if (!left || !right || left.stop < right.start || !this.same(left.value, right.value)) return false;
    left.stop = right.stop;
    this.nodes.splice(i + 1, 1);
    return true;
  }

  /** Look at both borders of the node at index i, first left, then right; return who holds it now. */
  settle(i) {
    if (this.join(i - 1)) i--;
    this.join(i);
    return this.nodes[i];
  }

  set(start, stop, value) {
    check(start, stop);
    const holder = this.at(start);
    // Where sameness is equality, an equal value inside a node says nothing new.
    if (this.same === equal && holder && stop <= holder.stop && holder.value === value) return holder;
    this.remove(start, stop);
    return this.insert(start, stop, value);
  }

  insert(start, stop, value) {
    check(start, stop);
    const i = this.firstBeyond(start), next = this.nodes[i];
    if (next && next.start < stop) throw new ListError("Overlap", `[${start}, ${stop}) is not free`);
    this.nodes.splice(i, 0, { start, stop, value });
    return this.settle(i);
  }

  fill(start, stop, value) {
    check(start, stop);
    const free = this.gaps(start, stop);
    for (const [low, high] of free) this.insert(low, high, value);
    return free.length;
  }

  remove(start, stop) {
    check(start, stop);
    this.split(start);
    this.split(stop);
    return this.nodes.splice(this.firstBeyond(start), this.overlapping(start, stop).length);
  }

  coalesce(start, stop) {
    let merges = 0;
    for (let i = 0; i < this.nodes.length; ) {
      const border = this.nodes[i].stop;
      if (start <= border && border <= stop && this.join(i)) merges++;
      else i++;
    }
    return merges;
  }

  clear() {
    this.nodes = [];
  }

  // ---- writes by node

  merge(left, right) {
    const i = this.nodes.indexOf(left);
    if (this.nodes[i + 1] !== right || left.stop < right.start)
      throw new ListError("NotTouching", "no neighbours that touch");
    left.stop = right.stop;
    this.nodes.splice(i + 1, 1);
    return left;
  }

  replace(node, value) {
    node.value = value;
    return this.settle(this.nodes.indexOf(node));
  }

  resize(node, start, stop) {
    check(start, stop);
    const i = this.nodes.indexOf(node), left = this.nodes[i - 1], right = this.nodes[i + 1];
    if ((left && start < left.stop) || (right && right.start < stop))
      throw new ListError("Overlap", `[${start}, ${stop}) is not free`);
    Object.assign(node, { start, stop });
    return this.settle(i);
  }

  discard(node) {
    this.nodes.splice(this.nodes.indexOf(node), 1);
  }

  cursor(options = {}) {
    return new Cursor(this, options);
  }
}

/** A walk.  Its place is { a, b, up }: the extent delivered last, clipped, and the way it went then. */
export class Cursor {
  constructor(list, { reverse = false, start = null, stop = null } = {}) {
    if (start !== null && stop !== null && stop < start)
      throw new ListError("EmptySpan", `window [${start}, ${stop}) is reversed`);
    Object.assign(this, { list, reverse, lo: start, hi: stop });
    this.reset();
  }

  reset() {
    this.place = null;
    this.sent = null; // where a seek sent it
  }

  seek(key) {
    this.place = null;
    this.sent = key;
  }

  clip(node) {
    return {
      node,
      a: this.lo !== null && node.start < this.lo ? this.lo : node.start,
      b: this.hi !== null && this.hi < node.stop ? this.hi : node.stop,
    };
  }

  /** The nodes as the window shows them. */
  view() {
    return this.list.nodes.map((node) => this.clip(node)).filter(({ a, b }) => a < b);
  }

  /** What covers the anchor now: the point a after a step up, the last point before b after one down. */
  cover() {
    const place = this.place;
    if (!place) return null;
    const covers = place.up
      ? (seen) => seen.a <= place.a && place.a < seen.b
      : (seen) => seen.a < place.b && place.b <= seen.b;
    return this.view().find(covers) ?? null;
  }

  step(up) {
    const { place, sent } = this, cover = this.cover(), view = this.view();
    let found;
    if (!place) {
      if (sent === null && up === this.reverse) return null;
      found = up
        ? view.find(({ b }) => sent === null || sent < b)
        : view.findLast(({ a }) => sent === null || a < sent);
    } else if (up !== place.up) {
      // Turned round: the same one comes back.
      found = cover ?? (up ? view.find(({ b }) => place.a < b) : view.findLast(({ a }) => a < place.b));
    } else if (up) {
      found = view.find(({ a }) => (cover ? place.a < a : place.b <= a));
    } else {
      found = view.findLast(({ b }) => (cover ? b < place.b : b <= place.a));
    }
    if (!found) return null;
    this.place = { a: found.a, b: found.b, up, value: found.node.value };
    return found.node;
  }

  next() {
    return this.step(!this.reverse);
  }

  prev() {
    return this.step(this.reverse);
  }

  /** The coverage walk: pieces, no point twice.  Use a cursor for one of the two walks only. */
  sweep() {
    const place = this.place, view = this.view();
    const found = this.reverse
      ? view.findLast(({ a }) => !place || a < place.a)
      : view.find(({ b }) => !place || place.b < b);
    if (!found) return null;
    let { a, b } = found;
    if (place && !this.reverse && a < place.b) a = place.b;
    if (place && this.reverse && place.a < b) b = place.a;
    this.place = { a, b };
    return { start: a, stop: b, value: found.node.value };
  }

  status() {
    const cover = this.cover();
    if (!cover) return ["gone"];
    const words = [];
    if (cover.a !== this.place.a) words.push("moved-left-edge");
    if (cover.b !== this.place.b) words.push("moved-right-edge");
    if (cover.node.value !== this.place.value) words.push("new-value");
    return words;
  }
}
