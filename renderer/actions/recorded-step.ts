import type { Draft } from '#renderer/state/draft.svelte.ts';
import { indexAtOrBefore } from '#renderer/state/frame-cache.ts';
import type { LiveRun } from '#renderer/state/live-run.svelte.ts';

/** The next recorded frame of the main picture before (-1) or after (+1) the cursor; without frames the next step. */
export function recordedStep(run: LiveRun, draft: Draft | null, direction: 1 | -1): number {
  const frame = draft?.experiment.pictures[0]?.frame;
  const steps = frame === undefined ? [] : run.frameSteps(frame);
  const { step } = run.cursor;
  if (steps.length === 0) return step + direction;
  const at = indexAtOrBefore(steps, step);
  if (direction > 0) return steps[at + 1] ?? run.latest;
  return (steps[at] === step ? steps[at - 1] : steps[at]) ?? 0;
}
