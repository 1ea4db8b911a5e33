/** Trains in memory. Tests use it; the service has a store instead. */
import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint, Session } from '#app/engine/types.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import type { MeasureContext, RecordedRun } from '../experiment.ts';
import type { SurvivalParameters } from './parameters.ts';
import { survivalTraining } from './recording.ts';

const stepsBetweenCheckpoints = 500;

export interface TrainedRun {
  readonly run: RecordedRun<SurvivalParameters>;
  readonly context: MeasureContext;
}

/** Trains a run to its end and keeps everything recorded; the context replays to any step. */
export function trainInMemory(parameters: SurvivalParameters, backend: Backend): TrainedRun {
  const training = survivalTraining(parameters);
  const run = new MemoryRun({ id: `survival-test-${parameters.embeddingSeed}`, experiment: 'survival', parameters }, training);
  const session = openSession(training, backend);
  const trainer = new Trainer(training, session, parameters);
  const checkpoints: Checkpoint[] = [];
  while (trainer.state === 'training') {
    if (trainer.step % stepsBetweenCheckpoints === 0) checkpoints.push(trainer.checkpoint());
    trainer.advance();
  }
  checkpoints.push(trainer.checkpoint());
  run.append(trainer.take());
  session.dispose();
  return {
    run,
    context: {
      session(step): Promise<Session> {
        const replayed = openSession(
          training,
          backend,
          checkpoints.findLast((checkpoint) => checkpoint.step <= step),
        );
        replayed.run(step - replayed.step);
        return Promise.resolve(replayed);
      },
      progress: () => undefined,
    },
  };
}
