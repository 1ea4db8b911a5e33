/** The backends of this machine: which there are, why one cannot be used, and how it is opened. */
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { engineBuild, referenceBackend, wasmBackend, type Backend, type WasmBackendName } from '#app/engine/index.ts';
import type { BackendName } from '#app/engine/types.ts';
import type { BackendInfo } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { kernelsPath } from '#main/paths.ts';
import type { BackendSource, EngineHost, Finding } from './backend-source.ts';
import { tensorflowSource } from './tensorflow-source.ts';

export type { EngineHost } from './backend-source.ts';

const sources: Readonly<Record<BackendName, BackendSource>> = {
  wasm: wasmSource(
    'wasm',
    'WebAssembly, one rounding',
    'Every operation is rounded by itself, so a run has the same bits on every machine.',
  ),
  'wasm-relaxed': wasmSource(
    'wasm-relaxed',
    'WebAssembly, relaxed',
    'Products and their sums are rounded once where the processor can: mostly faster, and the bits depend on the processor.',
  ),
  tensorflow: tensorflowSource,
  reference: {
    label: 'Reference',
    precisions: ['f32', 'f64'],
    offered: false,
    host: 'thread',
    inspect: () => ({ state: 'ready', why: 'Every operation by its defining formula, slowly: for tests.', build: 'reference' }),
    open: referenceBackend,
  },
};

/** The backends a person can choose, the default first. */
export async function listBackends(): Promise<BackendInfo[]> {
  const offered = (Object.keys(sources) as BackendName[]).filter((name) => sources[name].offered);
  return Promise.all(offered.map(describeBackend));
}

/** One backend, offered or not. */
export async function describeBackend(name: BackendName): Promise<BackendInfo> {
  const { label, precisions, inspect } = sources[name];
  return { name, label, precisions: [...precisions], ...(await inspect()) };
}

/** Where engines with this backend run. */
export const hostOf = (name: BackendName): EngineHost => sources[name].host;

/** The backend of a name that came from a person or a file. @throws LotkaError `bad-input` naming those that exist */
export function backendNamed(name: string): BackendName {
  if (Object.hasOwn(sources, name)) return name as BackendName;
  const names = (Object.keys(sources) as BackendName[]).filter((known) => sources[known].offered);
  throw new LotkaError('bad-input', `There is no backend "${name}"; there are: ${names.join(', ')}.`);
}

/** A backend that can be used here. */
export type ReadyBackend = BackendInfo & { readonly build: string };

/** @throws LotkaError `unavailable` with the sentence of `describeBackend` */
export async function requireBackend(name: BackendName): Promise<ReadyBackend> {
  const info = await describeBackend(name);
  if (info.state !== 'ready' || info.build === null)
    throw new LotkaError('unavailable', `The backend ${name} cannot be used here. ${info.why}`);
  return { ...info, build: info.build };
}

/** Opens a backend in this thread; every call opens another. @throws LotkaError `unavailable` saying what is wrong and what helps */
export async function openBackend(name: BackendName): Promise<Backend> {
  await requireBackend(name);
  return sources[name].open();
}

/**
 * Lets V8 accept relaxed SIMD where that is still behind a flag (Node 20). Flags are of the whole process, so the service calls
 * this before it starts workers, and a worker that is alone may call it as well.
 */
export function allowRelaxedSimd(): void {
  if (!WebAssembly.validate(relaxedProbe)) setFlagsFromString('--experimental-wasm-relaxed-simd');
}

/** The smallest module with a relaxed multiply-add. */
const relaxedProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  // One function type [] -> [v128], one function of it.
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
  // Its code: three zeros (i32.const 0, i8x16.splat) and f32x4.relaxed_madd.
  ...[0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
);

/** The smallest module with a vector: i8x16.splat of zero. */
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b],
);

function wasmSource(name: WasmBackendName, label: string, what: string): BackendSource {
  let ready: Finding | null = null;
  const inspect = (): Finding => {
    const finding = judgeKernels(name, kernelsPath(name), what);
    if (finding.state === 'ready') ready = finding;
    return finding;
  };
  return {
    label,
    precisions: ['f32', 'f64'],
    offered: true,
    host: 'thread',
    // What is built stays as it is while this process lives; what is missing may be built meanwhile.
    inspect: () => ready ?? inspect(),
    open: () => wasmBackend(new Uint8Array(readFileSync(kernelsPath(name))), name),
  };
}

/**
 * Whether a build of the kernels can be used, or what is wrong with it and what helps.
 * @param validate what this host accepts as a WebAssembly module
 */
export function judgeKernels(
  name: WasmBackendName,
  path: string,
  what: string,
  validate: (bytes: Uint8Array<ArrayBuffer>) => boolean = WebAssembly.validate,
): Finding {
  const broken = (why: string): Finding => ({ state: 'broken', why, build: null });
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(readFileSync(path));
  } catch {
    return broken(`${path} is missing; run npm run build.`);
  }
  const relaxed = name === 'wasm-relaxed';
  if (relaxed) allowRelaxedSimd();
  if (validate(bytes)) return { state: 'ready', why: what, build: engineBuild(bytes) };
  if (validate(relaxed ? relaxedProbe : simdProbe)) return broken(`${path} is damaged; run npm run build.`);
  const { electron, node } = process.versions;
  const here = electron ? `Electron ${electron}` : `Node ${node}`;
  return broken(
    relaxed
      ? `${here} has no relaxed SIMD in its WebAssembly, so it cannot load ${path}; use the default backend, or Node 22 or newer.`
      : `${here} has no SIMD in its WebAssembly, so it cannot load ${path}; use Node 20.19 or newer on a processor with vectors.`,
  );
}
