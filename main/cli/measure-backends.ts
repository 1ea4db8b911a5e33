import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { speedAdvice, type SpeedResult } from '#app/protocol/speed.ts';
import { print, printJson, table } from './output.ts';
import { parseAssignments } from './parameters.ts';
import { openProgress } from './progress.ts';
import { onInterrupt, withService } from './with-service.ts';

export interface MeasureOptions {
  readonly preset?: string;
  readonly set: string[];
  readonly seconds?: number;
  readonly json?: boolean;
}

/** `lotka backends --measure <experiment>`: which backend trains this model fastest here. Works beside an open workbench. */
export async function measureBackends(id: string, options: MeasureOptions): Promise<void> {
  const experiment = experimentById(id);
  const preset = options.preset ?? null;
  const parameters = parseAssignments(experiment, options.set);
  // Looked at before anything is opened, so that a typing error costs nothing.
  parseParameters(experiment, preset, parameters);
  const result = await withService(
    async (client) => {
      const stop = new AbortController();
      const release = onInterrupt(() => stop.abort());
      const progress = openProgress();
      let result: SpeedResult | null = null;
      try {
        const input = { experiment: id, preset, parameters: parameters as Record<string, never>, seconds: options.seconds };
        for await (const item of client.stream('engine.measure', input, { signal: stop.signal })) {
          progress.show(item.fraction, 'timing the backends in turn', null);
          result = item.result ?? result;
        }
      } finally {
        progress.end();
        release();
      }
      if (!result) throw new LotkaError('cancelled', 'It was cancelled before anything was measured.');
      return result;
    },
    { readOnly: true },
  );
  const advice = speedAdvice(result);
  if (options.json) {
    printJson({ ...result, ...advice });
    return;
  }
  print(
    table(
      ['', 'backend', 'steps a second', 'slowest, fastest', 'differs by', ''],
      result.backends.map(({ name, label, stepsPerSecond, range, difference, leftOut, build }) => [
        name === advice.recommended ? '*' : '',
        label,
        stepsPerSecond === null ? '-' : stepsPerSecond.toPrecision(4),
        range === null ? '-' : range.map((rate) => rate.toPrecision(3)).join(', '),
        stepsPerSecond === null ? '-' : (difference?.toExponential(0) ?? 'not finite'),
        leftOut ?? build ?? '',
      ]),
      [5],
    ),
  );
  print(`\n${advice.words}`);
}
