import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from './graph.ts';
import { ADVANCE, SELECT } from './kernels/opcodes.ts';
import { ALIGNMENT, align, placeBlocks, type Block } from './memory.ts';
import type { Lowering } from './operation.ts';
import type { Optimizer, UpdateRange } from './optimizers/index.ts';
import { isSource, placeOf, type CompiledParameter, type Section } from './schedule.ts';
import type { Precision, RealArray } from './types.ts';

/** First byte of the arena: the kernels' own static data lies below. */
export const ARENA_BASE = 65536;

/** Kernels may read up to three vectors past a tensor's end (and ignore what they read), so the arena ends with slack. */
const SLACK = 128;

/** A list of kernel calls in the arena: `number, count of arguments, arguments...`, all int32; with the addresses of its scalar results. */
export interface TapeSection {
  readonly address: number;
  /** In int32 words. */
  readonly length: number;
  readonly outputs: ReadonlyMap<string, number>;
}

/** A program lowered to kernel calls over one arena, with absolute byte addresses. */
export interface Tape {
  /** Bytes from ARENA_BASE on. */
  readonly arenaBytes: number;
  /** Address of the int32 count of optimiser steps. */
  readonly counter: number;
  /** Parameters, `<moment>/<parameter>`, `gradient/<parameter>` and `results/<result>`. */
  readonly addresses: ReadonlyMap<string, number>;
  readonly train: TapeSection;
  readonly evaluations: ReadonlyMap<string, TapeSection>;
  /** What the arena holds at the start besides zeros: constants and the calls themselves. */
  readonly contents: readonly { readonly address: number; readonly values: RealArray | Int32Array }[];
}

/**
 * Lays out the arena and emits the tapes. From low to high addresses: step counter, parameters, moments, gradients, scalar outputs,
 * activations (shared by all sections, planned by liveness), constants, calls. Parameters, moments and gradients have one layout:
 * a trainable parameter, its moments and its gradient stand at the same offset of their regions, so one kernel call updates a whole group.
 */
export function lowerProgram(program: {
  readonly precision: Precision;
  readonly parameters: readonly CompiledParameter[];
  readonly train: Section;
  readonly evaluations: ReadonlyMap<string, Section>;
  readonly optimizer: Optimizer;
  /** False gives every result a block of its own for the whole section, for comparison. */
  readonly inPlace?: boolean;
}): Tape {
  const { precision, parameters, train, evaluations, optimizer, inPlace = true } = program;
  const width = precision === 'f64' ? 8 : 4;
  const arena = new Arena(width);
  const counter = arena.take(4);

  const groups = [...new Set(parameters.filter(({ info }) => info.trainable).map(({ info }) => info.group))];
  const trainable = groups.flatMap((group) => parameters.filter(({ info }) => info.trainable && info.group === group));
  const addresses = new Map<string, number>();
  const takeAll = (prefix: string, list: readonly CompiledParameter[]): void => {
    for (const { info } of list) addresses.set(prefix + info.name, arena.take(info.size * width));
  };
  takeAll('', trainable);
  takeAll(
    '',
    parameters.filter(({ info }) => !info.trainable),
  );
  for (const moment of optimizer.moments) takeAll(`${moment}/`, trainable);
  takeAll('gradient/', trainable);
  const addressOf = (name: string): number => addresses.get(name)!;

  const sections = [train, ...evaluations.values()];
  // A tensor may be an output of several sections; each section has its own place for it, so an evaluation leaves training outputs alone.
  const fixed = sections.map((section) => {
    const places = new Map<Tensor, number>();
    for (const { tensor, info, gradient } of parameters) {
      places.set(tensor, addressOf(info.name));
      if (gradient && section === train) places.set(gradient, addressOf(`gradient/${info.name}`));
    }
    for (const tensor of section.outputs.values()) places.set(tensor, arena.take(width));
    for (const [name, tensor] of section.results) {
      places.set(tensor, arena.take(tensor.size * width));
      addresses.set(`results/${name}`, places.get(tensor)!);
    }
    return places;
  });

  const plans = sections.map((section, index) => planSection(section, fixed[index], width, inPlace));
  const activations = arena.take(Math.max(...plans.map((plan) => plan.bytes)));
  const emitted = sections.map((section, index) => emitSection(section, plans[index].blocks, activations, fixed[index], arena, counter));

  emitted[0].call(ADVANCE, counter);
  const ranges = groups.map((group): UpdateRange => {
    const members = trainable.filter(({ info }) => info.group === group).map(({ info }) => info);
    const first = members[0].name;
    const last = members[members.length - 1];
    return {
      group,
      parameters: addressOf(first),
      gradients: addressOf(`gradient/${first}`),
      moments: Object.fromEntries(optimizer.moments.map((moment) => [moment, addressOf(`${moment}/${first}`)])),
      count: (addressOf(last.name) - addressOf(first)) / width + last.size,
      members: members.map(({ name, size }) => ({ parameters: addressOf(name), gradients: addressOf(`gradient/${name}`), size })),
    };
  });
  optimizer.lower(ranges, {
    counter,
    scalar: (value) => arena.scalar(value),
    table: (values) => arena.doubles(values),
    slot: () => arena.take(8),
    call: emitted[0].call,
  });

  const tapes = sections.map((section, index) => ({
    address: arena.integers(Int32Array.from(emitted[index].words)),
    length: emitted[index].words.length,
    outputs: new Map([...section.outputs].map(([name, tensor]) => [name, fixed[index].get(tensor)!])),
  }));
  const arenaBytes = arena.end + SLACK - ARENA_BASE;
  if (arenaBytes + ARENA_BASE > 2 ** 31) {
    throw new LotkaError(
      'bad-input',
      `The network needs ${(arenaBytes / 2 ** 30).toFixed(1)} GiB of memory and the engine can use 2 GiB; make it smaller.`,
    );
  }
  return {
    arenaBytes,
    counter,
    addresses,
    train: tapes[0],
    evaluations: new Map([...evaluations.keys()].map((name, index) => [name, tapes[index + 1]])),
    contents: arena.contents,
  };
}

/** Hands out memory from ARENA_BASE upwards; equal constants are stored once. */
class Arena {
  readonly width: number;
  end = ARENA_BASE;
  readonly contents: { address: number; values: RealArray | Int32Array }[] = [];
  readonly #reals = new Map<Float64Array, number>();
  readonly #integers = new Map<Int32Array, number>();
  readonly #parts = new Map<Int32Array, number>();
  readonly #scalars = new Map<number, number>();
  readonly #doubles = new Map<Float64Array, number>();

  constructor(width: number) {
    this.width = width;
  }

  take(bytes: number): number {
    const address = this.end;
    this.end += align(bytes);
    return address;
  }

  integers(values: Int32Array): number {
    return this.#once(this.#integers, values, () => values);
  }

  /** Where one of `period` equal parts of integers is kept at a time. */
  part(values: Int32Array, period: number): number {
    let address = this.#parts.get(values);
    if (address === undefined) this.#parts.set(values, (address = this.take(values.byteLength / period)));
    return address;
  }

  scalar(value: number): number {
    return this.#once(this.#scalars, value, () => Float64Array.of(value));
  }

  doubles(values: Float64Array): number {
    return this.#once(this.#doubles, values, () => values);
  }

  reals(values: Float64Array): number {
    return this.#once(this.#reals, values, () => (this.width === 8 ? values : Float32Array.from(values)));
  }

  #once<K>(known: Map<K, number>, key: K, values: () => RealArray | Int32Array): number {
    let address = known.get(key);
    if (address === undefined) known.set(key, (address = this.#put(values())));
    return address;
  }

  #put(values: RealArray | Int32Array): number {
    const address = this.take(values.byteLength);
    this.contents.push({ address, values });
    return address;
  }
}

interface SectionPlan {
  readonly bytes: number;
  readonly blocks: SectionBlocks;
}

interface SectionBlocks {
  /** Block of each result by owner, indexed by part; holes where nothing is kept. */
  readonly results: ReadonlyMap<Tensor, readonly (Block | undefined)[]>;
  readonly scratch: ReadonlyMap<Tensor, Block>;
}

function planSection(section: Section, fixed: ReadonlyMap<Tensor, number>, width: number, inPlace: boolean): SectionPlan {
  const results = new Map<Tensor, (Block | undefined)[]>();
  const scratch = new Map<Tensor, Block>();
  const lastUse = lastUses(section);
  const blocks: Block[] = [];
  const reserve = (elements: number, first: number, last: number): Block => {
    const bytes = align(elements * width);
    const block = inPlace ? { bytes, first, last, offset: 0 } : { bytes, first: 0, last: Infinity, offset: 0 };
    blocks.push(block);
    return block;
  };
  section.steps.forEach(({ tensor, operation }, position) => {
    const own: (Block | undefined)[] = [];
    results.set(tensor, own);
    (operation.auxiliary ?? []).forEach((shape, index) => {
      const last = lastUse.get(tensor)?.[index + 1];
      if (last !== undefined)
        own[index + 1] = reserve(
          shape.reduce((a, b) => a * b, 1),
          position,
          last,
        );
    });
    if (operation.scratch) scratch.set(tensor, reserve(operation.scratch, position, position));
    if (fixed.has(tensor)) return;
    const last = lastUse.get(tensor)?.[0] ?? position;
    for (const index of (inPlace && operation.inPlace) || []) {
      const { owner, part } = placeOf(operation.inputs[index]);
      const taken = results.get(owner)?.[part];
      if (taken && taken.last === position && taken.bytes === align(tensor.size * width)) {
        taken.last = last;
        own[0] = taken;
        return;
      }
    }
    own[0] = reserve(tensor.size, position, last);
  });
  return { bytes: placeBlocks(blocks), blocks: { results, scratch } };
}

/** For every result the position of the last step that reads it. Outputs and gradients have fixed places, so none need outlast the section. */
function lastUses(section: Section): Map<Tensor, number[]> {
  const last = new Map<Tensor, number[]>();
  const use = (tensor: Tensor, position: number): void => {
    const { owner, part } = placeOf(tensor);
    if (isSource(owner)) return;
    const parts = last.get(owner) ?? [];
    parts[part] = position;
    last.set(owner, parts);
  };
  section.steps.forEach(({ operation }, position) => operation.inputs.forEach((input) => use(input, position)));
  return last;
}

function emitSection(
  section: Section,
  blocks: SectionBlocks,
  region: number,
  fixed: ReadonlyMap<Tensor, number>,
  arena: Arena,
  counter: number,
): { words: number[]; call: (kernel: number, ...parameters: number[]) => void } {
  const words: number[] = [];
  const call = (kernel: number, ...parameters: number[]): void => {
    words.push(kernel, parameters.length, ...parameters);
  };
  const selected = new Set<Int32Array>();
  // The step's part of periodic integers is copied to one place before their first use in the section, so kernels know no periods.
  const integers = (values: Int32Array, period = 1): number => {
    if (period === 1) return arena.integers(values);
    const part = arena.part(values, period);
    if (!selected.has(values)) call(SELECT, arena.integers(values), part, values.byteLength / period, period, counter);
    selected.add(values);
    return part;
  };
  const blockAddress = (block: Block | undefined): number => (block ? region + block.offset : 0);
  const address = (tensor: Tensor): number => {
    const { owner, part } = placeOf(tensor);
    const known = part === 0 ? fixed.get(owner) : undefined;
    if (known !== undefined) return known;
    if (owner.values) return arena.reals(owner.values);
    return blockAddress(blocks.results.get(owner)?.[part]);
  };
  for (const { tensor, operation } of section.steps) {
    const target: Lowering = {
      width: arena.width,
      output: address(tensor),
      scratch: blockAddress(blocks.scratch.get(tensor)),
      auxiliary: (index) => blockAddress(blocks.results.get(tensor)?.[index + 1]),
      address,
      integers,
      scalar: (value) => arena.scalar(value),
      call,
    };
    if (!operation.lower) throw new LotkaError('internal', `Operation ${operation.name} has no kernels.`);
    operation.lower(target);
  }
  return { words, call };
}

// Tensors start on cache lines so that vectors rarely straddle them.
if (ARENA_BASE % ALIGNMENT !== 0) throw new LotkaError('internal', 'The arena must begin on a cache line.');
