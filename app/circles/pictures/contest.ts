/** Who is drawn, how strongly, and where: smooth functions of the signals alone, so that a picture depends on nothing but its step. */

/** Rings drawn at once at most. */
export const mostRings = 12;

const smooth = (from: number, to: number, value: number): number => {
  const share = Math.max(0, Math.min(1, (value - from) / (to - from)));
  return share * share * (3 - 2 * share);
};

/** Vitality 0 .. 1 of every circle: 1 from half the strongest signal on, 0 below a fifth of it. */
export function vitality(signals: ArrayLike<number>): number[] {
  const values = Array.from(signals);
  const strongest = Math.max(...values);
  return values.map((signal) => (strongest > 0 ? smooth(0.2, 0.5, signal / strongest) : 0));
}

/**
 * Vitality of those that are drawn, 0 for the others: of many circles alike, as in a random embedding, the twelve
 * strongest; the next ones fade in as stronger ones fall.
 */
export function contenders(signals: ArrayLike<number>): number[] {
  const lives = vitality(signals);
  if (lives.length <= mostRings) return lives;
  const cut = Array.from(signals).sort((a, b) => b - a)[mostRings];
  return lives.map((life, index) => Math.min(life, smooth(0, 0.03, signals[index] / cut - 1)));
}

/**
 * Centres of rings around a common middle in the horizontal plane, in the order given, and the radius of the whole.
 * A ring's share of the round follows its vitality, but only once it is nearly faded: places stay while a circle dies and
 * close up, without a jump, when it is gone.
 * @param extent radius of one ring
 */
export function ringCentres(lives: readonly number[], extent: number): { centres: [number, number, number][]; radius: number } {
  const spacing = 2.5 * extent;
  const shares = lives.map((life) => smooth(0, 0.3, life));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const distance = roundRadius(total, spacing);
  let turned = 0;
  const centres = shares.map((share): [number, number, number] => {
    const angle = (2 * Math.PI * (turned + share / 2)) / Math.max(total, 1e-9) + Math.PI;
    turned += share;
    return [distance * Math.cos(angle), 0, distance * Math.sin(angle)];
  });
  const settled = [1, 2, 3, 4, 5, 6, 7, 8, 10, mostRings].find((count) => total <= count + 0.25) ?? total;
  return { centres, radius: roundRadius(settled, spacing) + 1.5 * extent };
}

/** Radius on which `count` neighbours stand `spacing` apart; shrinks to 0 for one. */
const roundRadius = (count: number, spacing: number): number =>
  count >= 2 ? spacing / (2 * Math.sin(Math.PI / count)) : (Math.max(0, count - 1) * spacing) / 2;
