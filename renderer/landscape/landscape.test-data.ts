/** A run, sections and a canvas for tests of the views of a landscape. */
import { vi } from 'vitest';
import type { LineSection, PlaneSection, SectionCurve } from '#app/landscape/section.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LiveRun } from '#renderer/state/live-run.svelte.ts';
import { openedOf, recordOf, updateOf, type RecordedService } from '#renderer/testing/recorded-service.ts';
import type { Parameters } from '#app/experiments/experiment.ts';

/** Canvases that draw nothing, of windows without WebGL, and elements that have a size. */
export function mockScreen(): void {
  const context = new Proxy({} as Record<string, unknown>, {
    get: (target, name) => (name === 'measureText' ? () => ({ width: 10 }) : (target[String(name)] ?? (() => undefined))),
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(((kind: string) => (kind === '2d' ? context : null)) as never);
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) => done(new Blob(['picture'])));
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(600);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400);
}

/** A run of Omnigrok over 101 steps whose norm falls from 20 to 10. */
export function runOf(service: RecordedService, parameters: Parameters): LiveRun {
  const part = { experiment: 'omnigrok', parameters: parameters as RunRecord['parameters'], status: 'finished' as const, step: 100 };
  const series = [{ name: 'norm', label: 'Norm', width: 1, unit: '' }];
  const run = new LiveRun(service, { ...openedOf(part), recording: { series, frames: [] } });
  const values = { norm: Float64Array.from({ length: 101 }, (_, row) => 20 - row / 10) };
  run.take(updateOf(0, 101, { record: recordOf(part), rows: { from: 0, values } }));
  return run;
}

const curve = (id: string, label: string): SectionCurve => ({ id, label, unit: '', scale: 'log', evaluation: id, output: 'loss' });
const curves = [curve('train', 'training loss'), curve('test', 'test loss')];

export function planeOf(resolution: number, step: number): PlaneSection {
  const across = Float64Array.from({ length: resolution }, (_, i) => (2 * i) / (resolution - 1) - 1);
  const bowl = (bottom: number) =>
    Float64Array.from({ length: resolution ** 2 }, (_, place) => {
      const [x, y] = [across[place % resolution]!, across[Math.floor(place / resolution)]!];
      return bottom + x * x + y * y;
    });
  return {
    curves,
    step,
    directions: 'trajectory',
    x: across,
    y: across,
    values: { train: bowl(0.001), test: bowl(0.1) },
    norms: new Float64Array(resolution ** 2).fill(10),
    path: { steps: Int32Array.of(0, 50, 100), x: Float64Array.of(-0.8, -0.4, 0), y: Float64Array.of(0.5, 0.3, 0) },
    explained: [0.9, 0.07],
  };
}

export function lineOf(from: number, to: number, resolution: number): LineSection {
  const positions = Float64Array.from({ length: resolution }, (_, i) => -0.25 + (1.5 * i) / (resolution - 1));
  return {
    curves,
    from,
    to,
    positions,
    values: { train: positions.map((s) => 0.01 + s * s), test: positions.map((s) => 0.1 + s * s) },
    norms: positions,
    distance: 12.5,
    angle: 31,
    barriers: { train: 0, test: 0.25 },
  };
}
