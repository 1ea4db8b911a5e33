import { Presets, SingleBar } from 'cli-progress';
import { duration, tell } from './output.ts';

/** Lines of progress where there is no terminal come no more often. */
const lineMilliseconds = 3000;

export interface Progress {
  /** @param fraction 0 to 1. @param secondsLeft Null while unknown. */
  show(fraction: number, what: string, secondsLeft: number | null): void;
  end(): void;
}

/** A bar on a terminal, a line every few seconds elsewhere; always on standard error. */
export function openProgress(): Progress {
  if (!process.stderr.isTTY) {
    let last = -Infinity;
    return {
      show(fraction, what, secondsLeft) {
        if (Date.now() - last < lineMilliseconds) return;
        last = Date.now();
        tell(`${(fraction * 100).toFixed(0)} %, ${what}${left(secondsLeft)}`);
      },
      end: () => undefined,
    };
  }
  const bar = new SingleBar(
    {
      format: '{bar} {percentage} %  {what}{left}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { what: '', left: '' });
  return {
    show: (fraction, what, secondsLeft) => bar.update(fraction, { what, left: left(secondsLeft) }),
    end: () => bar.stop(),
  };
}

const left = (seconds: number | null): string => (seconds === null ? '' : `, about ${duration(seconds)} left`);
