import type { Session } from '#app/engine/types.ts';

/** Computing before the event loop turns and cancelling is looked at. One step is never cut, so it may take as long as that. */
export const sliceMilliseconds = 25;

/** Lets messages in. */
export const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Takes steps until `step`, in slices, with a turn of the event loop between two.
 * @param look called before every slice; what it throws ends the run
 */
export async function runTo(session: Session, step: number, look: () => void): Promise<void> {
  let portion = 1;
  while (session.step < step) {
    look();
    const begun = performance.now();
    session.run(Math.min(portion, step - session.step));
    const took = Math.max(0.01, performance.now() - begun);
    portion = Math.max(1, Math.min(4 * portion, Math.floor((portion * sliceMilliseconds) / took)));
    if (session.step < step) await eventLoopTurn();
  }
}
