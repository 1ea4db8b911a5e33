/** What this processor can do with 128-bit vectors: in WebAssembly, and in C where there is a compiler. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '#main/paths.ts';
import { allowRelaxedSimd } from '#main/workers/backends.ts';
import type { BenchResult } from '#app/protocol/bench.ts';
import source from './peak/peak.c?raw';
import type { Runner } from './runner.ts';

export const peakForms = ['fused32', 'fused64', 'separate32', 'separate64'] as const;
export type PeakForm = (typeof peakForms)[number];

type Chains = (turns: number, factor: number, summand: number) => number;
type PeakModule = Readonly<Record<PeakForm, Chains>> & { flops32(): number; flops64(): number };

/** Some milliseconds. */
const turns = 200_000;

/** The module of peak/assembly/peak.ts. @throws Error if it is not built or this host lacks relaxed SIMD */
export function peakModule(): PeakModule {
  allowRelaxedSimd();
  const module = new WebAssembly.Module(new Uint8Array(readFileSync(join(packageRoot(), 'dist', 'kernels', 'peak.wasm'))));
  return new WebAssembly.Instance(module, { env: { abort: () => undefined } }).exports as unknown as PeakModule;
}

/** Floating-point operations of one step of `openPeak`. */
export function peakFlops(form: PeakForm): number {
  const lanes = form.endsWith('32') ? 4 : 2;
  return turns * 2 * 12 * lanes * 2;
}

/** One step is a fixed amount of work (`peakFlops`). */
export function openPeak(form: PeakForm): Runner {
  const module = peakModule();
  return {
    run: (steps) => {
      for (let step = 0; step < steps; step++) module[form](turns, 0.999, 0.001);
    },
    outputs: () => ({ loss: 0 }),
  };
}

/** The best of several short measurements, in GFLOP/s. */
export function measurePeak(form: PeakForm, repeats = 40): number {
  const runner = openPeak(form);
  for (let warm = 0; warm < 20; warm++) runner.run(1);
  let best = Infinity;
  for (let repeat = 0; repeat < repeats; repeat++) {
    const began = performance.now();
    runner.run(1);
    best = Math.min(best, performance.now() - began);
  }
  return peakFlops(form) / best / 1e6;
}

/** All of it, as the results file holds it. */
export function calibrate(): BenchResult['peak'] {
  const { native, nativeNote } = nativePeak();
  return {
    fused32: measurePeak('fused32'),
    fused64: measurePeak('fused64'),
    separate32: measurePeak('separate32'),
    separate64: measurePeak('separate64'),
    native,
    nativeNote,
  };
}

function nativePeak(): Pick<BenchResult['peak'], 'native' | 'nativeNote'> {
  if (process.arch !== 'x64') return { native: null, nativeNote: `the C measure is written for x86-64, not ${process.arch}` };
  const folder = mkdtempSync(join(tmpdir(), 'lotka-peak-'));
  try {
    const [from, to] = [join(folder, 'peak.c'), join(folder, 'peak')];
    writeFileSync(from, source);
    const compiled = spawnSync('gcc', ['-O2', '-mfma', '-o', to, from], { encoding: 'utf8' });
    if (compiled.error) return { native: null, nativeNote: 'there is no gcc here' };
    if (compiled.status !== 0) return { native: null, nativeNote: `gcc refuses it: ${compiled.stderr.split('\n')[0]}` };
    const { stdout, status } = spawnSync(to, { encoding: 'utf8' });
    const [f32, f64] = stdout.trim().split(/\s+/).map(Number);
    if (status !== 0 || !(f32 > 0) || !(f64 > 0))
      return { native: null, nativeNote: 'the compiled measure does not run: this processor may lack FMA' };
    return { native: { f32, f64 }, nativeNote: null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
