export interface TimelineLabel {
  readonly id: string;
  readonly label: string;
  /** Centre of the mark on the track, px. */
  readonly x: number;
  /** Width of the label's text, px. */
  readonly width: number;
}

export interface PlacedLabel extends TimelineLabel {
  /** Left edge of the text, px. */
  readonly left: number;
  /** 0 above the track, 1 below; null where no free place was left: the mark stays, its text is in the tooltip. */
  readonly row: 0 | 1 | null;
}

const gap = 10;

/**
 * Places labels over their marks without two of them touching: above the track first, then below, from left to right.
 * A label may slide along the track as long as it still covers its mark.
 */
export function placeLabels(labels: readonly TimelineLabel[], trackWidth: number): PlacedLabel[] {
  const ends: [number, number] = [-gap, -gap];
  return [...labels]
    .sort((a, b) => a.x - b.x)
    .map((label) => {
      const rightmost = trackWidth - label.width;
      for (const row of [0, 1] as const) {
        const wanted = Math.max(0, Math.min(rightmost, label.x - label.width / 2));
        const left = Math.max(wanted, ends[row] + gap);
        if (left > label.x || left > rightmost) continue;
        ends[row] = left + label.width;
        return { ...label, left, row };
      }
      return { ...label, left: label.x, row: null };
    });
}

/** Steps at which the track is ticked: decades on a logarithmic track, round fifths on a linear one. */
export function tickSteps(total: number, scale: 'log' | 'linear'): number[] {
  if (total <= 0) return [];
  if (scale === 'log') {
    const decades: number[] = [];
    for (let step = 1; step < total; step *= 10) decades.push(step);
    return decades;
  }
  const rough = total / 5;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const spacing = Math.max(1, [1, 2, 5, 10].map((round) => round * decade).find((candidate) => candidate >= rough) ?? decade * 10);
  const ticks: number[] = [];
  for (let step = spacing; step < total; step += spacing) ticks.push(step);
  return ticks;
}
