/** Trains in memory. Tests use it; the service has a store instead. */
import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint, Session } from '#app/engine/types.ts';
import { noDatasets, type DatasetSource } from '#app/datasets/dataset.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import type { Experiment, MeasureContext, Parameters, RecordedRun } from './experiment.ts';

const stepsBetweenCheckpoints = 500;

export interface TrainedRun<P> {
  readonly run: RecordedRun<P>;
  readonly context: MeasureContext;
}

/** Trains a run to its end and keeps everything recorded; the context replays to any step. */
export function trainInMemory<P extends Parameters>(
  { id, build }: Pick<Experiment<P>, 'id' | 'build'>,
  parameters: P,
  backend: Backend,
  datasets: DatasetSource = noDatasets,
): TrainedRun<P> {
  const training = build(parameters, datasets);
  const run = new MemoryRun({ id: `${id}-test`, experiment: id, parameters }, training);
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
      firstStep: 0,
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
      turn: () => Promise.resolve(),
    },
  };
}
