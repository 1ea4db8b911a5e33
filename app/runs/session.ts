import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint, Session } from '#app/engine/types.ts';
import type { Training } from '#app/experiments/experiment.ts';

/**
 * A session at the start of a training, or at a checkpoint of it.
 * @throws RangeError if the checkpoint belongs to another program.
 */
export function openSession(training: Training, backend: Backend, checkpoint: Checkpoint | null = null): Session {
  const session = backend.open(training.program);
  if (checkpoint) session.restore(checkpoint);
  else for (const [name, values] of Object.entries(training.initial)) session.write(name, values);
  return session;
}
