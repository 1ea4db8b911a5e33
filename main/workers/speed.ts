import type { Backend } from '#app/engine/index.ts';
import type { BackendName, Session } from '#app/engine/types.ts';
import type { Experiment, Parameters, Training } from '#app/experiments/experiment.ts';
import type { BackendSpeed, SpeedResult } from '#app/protocol/speed.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { datasets } from '#main/datasets/source.ts';
import { describeBackend } from './backends.ts';
import { eventLoopTurn } from './slices.ts';

/** Steps whose losses are compared before anything is timed. */
const comparedSteps = 10;
/** Long enough for a clock, short enough that what else the machine does hits all alike. */
const burstMilliseconds = 50;

export interface SpeedRequest {
  readonly experiment: Experiment;
  readonly parameters: Parameters;
  readonly backends: readonly BackendName[];
  /** Seconds of training for each backend. */
  readonly seconds: number;
}

export interface SpeedProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly result: SpeedResult | null;
}

/**
 * Times training on several backends: the same model from the same start, recorded as a run is, in bursts that take turns in
 * alternating order. Yields after every burst, so that it can be ended there.
 */
export async function* measureSpeed(
  { experiment, parameters, backends, seconds }: SpeedRequest,
  openBackend: (name: BackendName) => Promise<Backend>,
): AsyncGenerator<SpeedProgress> {
  const training = experiment.build(parameters, datasets);
  const { precision } = training.program.info;
  const entrants: Entrant[] = [];
  try {
    for (const name of backends) {
      const entrant = await Entrant.enter(name, training, parameters, openBackend);
      entrants.push(entrant);
      yield { fraction: 0, result: null };
    }
    const running = entrants.filter((entrant) => entrant.leftOut === null);
    const rounds = Math.max(3, Math.ceil((1000 * seconds) / burstMilliseconds));
    const before = { cpu: process.cpuUsage(), wall: performance.now(), idle: 0 };
    for (let round = 0; round < rounds; round++) {
      for (const entrant of round % 2 === 0 ? running : running.toReversed()) {
        entrant.burst();
        const rested = performance.now();
        await eventLoopTurn();
        yield { fraction: (round + 0.5) / rounds, result: null };
        before.idle += performance.now() - rested;
      }
    }
    const { user, system } = process.cpuUsage(before.cpu);
    const wall = performance.now() - before.wall - before.idle;
    const share = wall > 0 ? Math.min(1, (user + system) / 1000 / wall) : 1;
    const speeds = entrants.map((entrant) => entrant.result(running[0]));
    yield { fraction: 1, result: { experiment: experiment.id, precision, backends: speeds, share } };
  } finally {
    for (const entrant of entrants) entrant.dispose();
  }
}

/** One backend with a network of its own in training. */
class Entrant {
  private trainer: Trainer | null = null;
  private readonly rates: number[] = [];
  private readonly losses: number[] = [];

  private constructor(
    private readonly about: Pick<BackendSpeed, 'name' | 'label' | 'build'>,
    readonly leftOut: string | null,
    private readonly training: Training,
    private readonly parameters: Parameters,
    private readonly session: Session | null,
  ) {}

  /** Opens a backend, if it can be used on the model, and takes the first steps, which also warm it up. */
  static async enter(
    name: BackendName,
    training: Training,
    parameters: Parameters,
    openBackend: (name: BackendName) => Promise<Backend>,
  ): Promise<Entrant> {
    const { precision } = training.program.info;
    const { label, precisions, state, why, build } = await describeBackend(name);
    const about = { name, label, build };
    if (state !== 'ready') return new Entrant(about, why, training, parameters, null);
    if (!precisions.includes(precision)) {
      const only = `It computes in ${precisions.join(' and ')} only, and this model is in ${precision}.`;
      return new Entrant(about, only, training, parameters, null);
    }
    try {
      const entrant = new Entrant(about, null, training, parameters, openSession(training, await openBackend(name)));
      entrant.begin();
      return entrant;
    } catch (error) {
      return new Entrant(about, error instanceof Error ? error.message : String(error), training, parameters, null);
    }
  }

  private begin(): void {
    const session = this.session!;
    for (let step = 0; step < comparedSteps; step++) {
      session.run(1);
      const outputs = Object.entries(session.trainOutputs());
      const losses = outputs.filter(([output]) => /loss/i.test(output));
      this.losses.push(...(losses.length > 0 ? losses : outputs).map(([, value]) => value));
    }
    this.restart();
    this.steps(burstMilliseconds);
  }

  /** Trains and notes the speed. */
  burst(): void {
    this.rates.push(this.steps(burstMilliseconds));
  }

  result(first: Entrant | undefined): BackendSpeed {
    if (this.leftOut !== null || !first)
      return { ...this.about, leftOut: this.leftOut, stepsPerSecond: null, range: null, bursts: 0, difference: null };
    const sorted = [...this.rates].sort((a, b) => a - b);
    return {
      ...this.about,
      leftOut: null,
      stepsPerSecond: sorted[Math.floor(sorted.length / 2)]!,
      range: [sorted[0]!, sorted.at(-1)!],
      bursts: sorted.length,
      difference: differenceOf(this.losses, first.losses),
    };
  }

  dispose(): void {
    this.session?.dispose();
  }

  private restart(): void {
    const { initial } = this.training;
    const session = this.session!;
    const fresh = session.checkpoint();
    for (const { values } of Object.values(fresh.arrays)) values.fill(0);
    session.restore({ ...fresh, step: 0 });
    for (const [name, values] of Object.entries(initial)) session.write(name, values);
    this.trainer = new Trainer(this.training, session, this.parameters);
  }

  /** Takes steps for so long. @returns Steps a second. */
  private steps(milliseconds: number): number {
    const begun = performance.now();
    let taken = 0;
    let elapsed: number;
    do {
      if (this.trainer!.state !== 'training') this.restart();
      this.trainer!.advance();
      taken++;
      elapsed = performance.now() - begun;
    } while (elapsed < milliseconds);
    // What was recorded is thrown away.
    this.trainer!.take();
    return (1000 * taken) / elapsed;
  }
}

/** Largest relative difference; null if a number is not finite. */
function differenceOf(values: readonly number[], expected: readonly number[]): number | null {
  if (![...values, ...expected].every(Number.isFinite)) return null;
  return values.reduce((most, value, index) => {
    const scale = Math.max(Math.abs(value), Math.abs(expected[index]!));
    return Math.max(most, scale === 0 ? 0 : Math.abs(value - expected[index]!) / scale);
  }, 0);
}
