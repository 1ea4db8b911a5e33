/** Order of points along a ring, and the order in which their labels are asked for so that any first few are evenly spread. */

/**
 * Walks links from point 0. Returns the points in the order in which a chain or cycle visits them;
 * if the links are no single chain through all points, the points in their own order.
 */
export function orderAlongLinks(links: ArrayLike<number>, count: number): Uint32Array {
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) order[index] = index;
  const neighbours = new Int32Array(count * 2).fill(-1);
  for (let link = 0; link + 1 < links.length; link += 2) {
    for (const [from, to] of [
      [links[link], links[link + 1]],
      [links[link + 1], links[link]],
    ] as const) {
      if (from >= count || to >= count) return order;
      const slot = neighbours[from * 2] === -1 ? from * 2 : from * 2 + 1;
      if (neighbours[slot] !== -1) return order;
      neighbours[slot] = to;
    }
  }
  let start = 0;
  for (let index = 0; index < count; index++) if (neighbours[index * 2 + 1] === -1 && neighbours[index * 2] !== -1) start = index;
  const walk = new Uint32Array(count);
  let previous = -1;
  let current = start;
  for (let place = 0; place < count; place++) {
    walk[place] = current;
    const next = neighbours[current * 2] === previous ? neighbours[current * 2 + 1] : neighbours[current * 2];
    if (place < count - 1 && (next === -1 || next === start)) return order;
    previous = current;
    current = next;
  }
  return walk;
}

/** Ranks 0..count-1 by the van der Corput sequence: each next place falls in the largest gap left by those before. */
export function spreadRanks(count: number): Uint32Array {
  const ranks = new Uint32Array(count);
  const taken = new Uint8Array(count);
  const bits = Math.max(1, Math.ceil(Math.log2(Math.max(count, 2))));
  let filled = 0;
  for (let number = 0; number < 1 << bits; number++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) if (number & (1 << bit)) reversed |= 1 << (bits - 1 - bit);
    const place = Math.floor((reversed * count) / (1 << bits));
    if (!taken[place]) {
      taken[place] = 1;
      ranks[filled++] = place;
    }
  }
  return ranks;
}
