import { indexAtOrBefore } from '#renderer/state/frame-cache.ts';
import type { FilmTime } from '#renderer/state/workbench.svelte.ts';

/** The next step before (-1) or after (+1) the cursor at which the picture changes; without such steps the next step. */
export function recordedStep({ cursor, steps }: FilmTime, direction: 1 | -1): number {
  const { step } = cursor;
  if (steps.length === 0) return step + direction;
  const at = indexAtOrBefore(steps, step);
  if (direction > 0) return steps[at + 1] ?? cursor.latest;
  return (steps[at] === step ? steps[at - 1] : steps[at]) ?? 0;
}
