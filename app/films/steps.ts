/** Which steps of a run the frames of a film show. */

export const paces = ['linear', 'log', 'events'] as const;
export type Pace = (typeof paces)[number];

/** Width of an event on the timeline, and how many times slower the film goes through its middle. */
const event = { width: 0.035, slowness: 5 } as const;
/** Places of the timeline at which its pace is worked out. */
const places = 2000;

/**
 * @param last Step of the last frame; the first shows step 0.
 * @param frames At least 1; a single frame shows the last step.
 * @param pace `linear` in steps, `log` in their logarithm, `events` in their logarithm but slower around `milestones`.
 * @returns one step a frame, never falling
 * @throws RangeError for a number of frames that is none
 */
export function filmSteps(last: number, frames: number, pace: Pace, milestones: readonly number[] = []): number[] {
  if (!Number.isInteger(frames) || frames < 1) throw new RangeError(`a film has at least one frame, not ${frames}`);
  if (frames === 1 || last <= 0) return Array.from({ length: frames }, () => Math.max(0, last));
  const stepAt = (place: number): number =>
    pace === 'linear' ? Math.round(place * last) : Math.min(last, Math.round(Math.expm1(place * Math.log1p(last))));
  const warp =
    pace === 'events'
      ? slowedAround(milestones.filter((step) => step > 0 && step <= last).map((step) => Math.log1p(step) / Math.log1p(last)))
      : null;
  return Array.from({ length: frames }, (_, frame) => {
    const share = frame / (frames - 1);
    return frame === frames - 1 ? last : stepAt(warp ? warp(share) : share);
  });
}

/** Maps shares of the film (0..1) to places of the timeline (0..1), so that little time passes where events are. */
function slowedAround(events: readonly number[]): (share: number) => number {
  const spent = new Float64Array(places + 1);
  for (let place = 0; place < places; place++) {
    const here = (place + 0.5) / places;
    const slow = events.reduce((sum, at) => sum + (event.slowness - 1) * Math.exp(-(((here - at) / event.width) ** 2)), 1);
    spent[place + 1] = spent[place]! + slow;
  }
  const total = spent[places]!;
  return (share) => {
    const wanted = share * total;
    let [low, high] = [0, places];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (spent[middle]! <= wanted) low = middle;
      else high = middle;
    }
    const within = spent[high]! - spent[low]!;
    return (low + (within > 0 ? (wanted - spent[low]!) / within : 0)) / places;
  };
}
