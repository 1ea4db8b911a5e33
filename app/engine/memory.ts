/** A piece of memory that is in use from one position of a section to another, both included. */
export interface Block {
  readonly bytes: number;
  first: number;
  last: number;
  /** Set by `placeBlocks`, relative to the region. */
  offset: number;
}

/** Every tensor begins on a cache line. */
export const ALIGNMENT = 64;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Gives every block an offset so that blocks in use at the same time do not overlap: largest first, each at the lowest free place.
 * @returns bytes of the region
 */
export function placeBlocks(blocks: readonly Block[]): number {
  const placed: Block[] = [];
  let total = 0;
  // Sorting is stable, so equal inputs give equal plans.
  for (const block of [...blocks].sort((a, b) => b.bytes - a.bytes)) {
    block.offset = 0;
    for (const other of placed) {
      const together = other.first <= block.last && block.first <= other.last;
      if (together && other.offset < block.offset + block.bytes && block.offset < other.offset + other.bytes) {
        block.offset = other.offset + other.bytes;
      }
    }
    placed.push(block);
    placed.sort((a, b) => a.offset - b.offset);
    total = Math.max(total, block.offset + block.bytes);
  }
  return total;
}
