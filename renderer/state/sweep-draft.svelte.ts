import { parseParameters } from '#app/experiments/parameters.ts';
import { readyDefinition } from '#app/sweeps/ready.ts';
import type { BackendName } from '#app/engine/types.ts';
import type { Experiment, ReadySweep } from '#app/experiments/experiment.ts';
import type { Sampling, SweepAxis, SweepDefinition, SweepPlace } from '#app/protocol/sweep.ts';
import { Draft, type DraftField } from './draft.svelte.ts';
import { choicesOf, formatValue, parseText } from './fields.ts';

type Json = Extract<SweepAxis, { kind: 'list' }>['values'][number];
type SamplingKind = Sampling['kind'];
type PlaceKind = SweepPlace['kind'];

/** An axis as it is typed. */
export class AxisDraft {
  /** Its own for as long as the form is open. */
  readonly id: number;
  parameter = $state('');
  kind = $state<SweepAxis['kind']>('range');
  scale = $state<'linear' | 'log'>('linear');
  from = $state('');
  to = $state('');
  count = $state('8');
  /** Of a list: separated by commas, brackets around those that are lists themselves. */
  values = $state('');

  constructor(id: number) {
    this.id = id;
  }
}

const isSeed = (name: string) => /seed$/i.test(name);

/** The form of a new sweep: everything as it is typed, what it means, and what is wrong with it. */
export class SweepDraft {
  readonly experiment: Experiment;
  /** Base parameters: what all trials share. */
  readonly form: Draft;
  readonly axisFields: readonly DraftField[];
  readonly seedFields: readonly DraftField[];
  name = $state('');
  axes = $state.raw<readonly AxisDraft[]>([]);
  seedParameters = $state.raw<readonly string[]>([]);
  seedCount = $state('1');
  firstSeed = $state('0');
  sampling = $state<SamplingKind>('grid');
  samples = $state('64');
  stride = $state('4');
  outcome = $state('');
  keep = $state<SweepDefinition['keep']>('outcomes');
  backend = $state<BackendName>('wasm');
  place = $state<PlaceKind>('local');
  folder = $state('');
  trialsPerTask = $state('');
  sbatch = $state('');
  url = $state('redis://localhost:6379');
  queue = $state('lotka');
  #axisId = 0;

  constructor(experiment: Experiment, preset: string | null, backend: BackendName) {
    this.experiment = experiment;
    this.form = new Draft(experiment, preset);
    this.backend = backend;
    this.axisFields = this.form.fields.filter(({ kind, name }) => kind !== 'text' && !isSeed(name));
    this.seedFields = this.form.fields.filter(({ name }) => isSeed(name));
    this.seedParameters = this.seedFields.map(({ name }) => name);
    this.outcome = experiment.outcomes[0]?.id ?? '';
    // The map of the paper shows what is worth asking; where there is none, what is spread over magnitudes is asked first.
    const published = experiment.publishedMaps[0];
    const scalars = this.axisFields.filter(({ kind }) => kind === 'number').map(({ name, info }) => ({ name, log: info.scale === 'log' }));
    const likely = published
      ? [published.x.parameter, published.y.parameter]
      : [...scalars.filter(({ log }) => log), ...scalars.filter(({ log }) => !log)].map(({ name }) => name);
    for (const name of likely.slice(0, 2)) this.addAxis(name);
  }

  /** Fills the form with what was trained or typed before. @param place stays as it is if null */
  startFrom(definition: SweepDefinition, place: SweepPlace | null): void {
    const { preset, parameters, axes, seeds, sampling } = definition;
    const base = this.experiment.presets.find(({ id }) => id === preset);
    if (base) this.form.startFrom(base.parameters, base.id);
    else this.form.startFrom(parseParameters(this.experiment, null, {}), null);
    for (const [name, value] of Object.entries(parameters)) this.form.texts[name] = formatValue(value);
    this.name = definition.name;
    this.axes = axes.map((axis) => this.#axisFrom(axis));
    this.seedParameters = seeds.parameters;
    [this.seedCount, this.firstSeed] = [String(seeds.count), String(seeds.first)];
    this.sampling = sampling.kind;
    if (sampling.kind === 'random' || sampling.kind === 'latin') this.samples = String(sampling.samples);
    if (sampling.kind === 'adaptive') [this.stride, this.outcome] = [String(sampling.stride), sampling.outcome];
    this.keep = definition.keep;
    this.backend = definition.backend;
    if (place === null) return;
    this.place = place.kind;
    if (place.kind === 'slurm') {
      this.folder = place.folder;
      this.trialsPerTask = place.trialsPerTask === null ? '' : String(place.trialsPerTask);
      this.sbatch = place.options.join(' ');
    } else if (place.kind === 'redis') [this.url, this.queue] = [place.url, place.queue];
  }

  /** Plans a sweep that is ready to start; where it trains stays as it is. */
  startReady(ready: ReadySweep): void {
    this.startFrom(readyDefinition(this.experiment, ready, this.backend), null);
  }

  /** Adds an axis, of this parameter or the first that has none. */
  addAxis(parameter?: string): void {
    const free = this.axisFields.find(({ name, kind }) => kind !== 'numbers' && !this.axes.some((axis) => axis.parameter === name));
    const name = parameter ?? free?.name;
    if (name === undefined) return;
    const axis = new AxisDraft((this.#axisId += 1));
    this.axes = [...this.axes, axis];
    this.choose(axis, name);
  }

  removeAxis(axis: AxisDraft): void {
    this.axes = this.axes.filter((other) => other !== axis);
  }

  /** Exchanges the first two axes: what runs across and what runs up. */
  swapAxes(): void {
    const [x, y, ...others] = this.axes;
    if (x && y) this.axes = [y, x, ...others];
  }

  /** Puts a parameter on an axis, with values around the one it has. */
  choose(axis: AxisDraft, parameter: string): void {
    const field = this.axisFields.find(({ name }) => name === parameter);
    if (!field) return;
    axis.parameter = parameter;
    const { kind, info, schema } = field;
    const value = this.form.base[parameter];
    if (kind === 'choice' || kind === 'boolean' || kind === 'numbers') {
      axis.kind = 'list';
      axis.values = kind === 'choice' ? choicesOf(schema).join(', ') : kind === 'boolean' ? 'no, yes' : JSON.stringify(value);
      return;
    }
    axis.kind = 'range';
    const at = typeof value === 'number' ? value : 1;
    const [low, high] = [info.minimum ?? -Infinity, info.maximum ?? Infinity];
    const log = info.scale === 'log';
    axis.scale = log && at > 0 ? 'log' : 'linear';
    const [from, to] = axis.scale === 'log' ? [at / 10, at * 10] : at === 0 ? [0, log ? 1 : 10 * (info.step ?? 1)] : [at / 2, at * 2];
    const ends = [Math.max(low, from), Math.min(high, to)].map((end) => (kind === 'integer' ? Math.round(end) : end));
    [axis.from, axis.to] = [tidy(ends[0]!), tidy(ends[1]!)];
  }

  /** What is typed, as a definition; a sentence where it cannot be one. What it means for the experiment is the service's to judge. */
  get definition(): SweepDefinition | string {
    return this.#read.definition;
  }

  get placeNow(): SweepPlace | string {
    return this.#read.place;
  }

  readonly #read = $derived.by(() => ({ definition: told(() => this.#definition()), place: told(() => this.#place()) }));

  /** An axis as it is typed; a sentence where it cannot be one. */
  readAxis(axis: AxisDraft): SweepAxis | string {
    return told(() => this.#axis(axis));
  }

  #definition(): SweepDefinition {
    if (!this.form.parameters) {
      const wrong = this.form.fields.find(({ name }) => this.form.problems[name] !== undefined);
      throw new Problem(`${wrong?.info.label ?? 'Parameters'}: ${this.form.problems[wrong?.name ?? ''] ?? 'they do not fit each other.'}`);
    }
    const axes = this.axes.map((axis) => this.#axis(axis));
    const varied = new Set([...axes.map(({ parameter }) => parameter), ...this.seedParameters]);
    const parameters = Object.fromEntries(Object.entries(this.form.changes).filter(([name]) => !varied.has(name))) as Record<string, Json>;
    return {
      name: this.name.trim() || this.suggestedName,
      experiment: this.experiment.id,
      preset: this.form.preset,
      parameters,
      backend: this.backend,
      axes,
      sampling: this.#sampling(),
      seeds: {
        parameters: [...this.seedParameters],
        first: whole(this.firstSeed, 'The first seed'),
        count: whole(this.seedCount, 'The number of seeds'),
      },
      keep: this.keep,
    };
  }

  /** E.g. `Embedding rate × decoder rate`. */
  get suggestedName(): string {
    const labels = this.axes.map(({ parameter }) => this.axisFields.find(({ name }) => name === parameter)?.info.label ?? parameter);
    return labels.map((label, index) => (index === 0 ? label : label.charAt(0).toLowerCase() + label.slice(1))).join(' × ') || 'Sweep';
  }

  #axis({ parameter, kind, scale, from, to, count, values }: AxisDraft): SweepAxis {
    const field = this.axisFields.find(({ name }) => name === parameter);
    const label = field?.info.label ?? parameter;
    if (kind === 'range') {
      const ends = { from: number(from, `The start of ${label}`), to: number(to, `The end of ${label}`) };
      return { kind, parameter, scale, ...ends, count: whole(count, `The number of values of ${label}`) };
    }
    if (field?.kind === 'numbers') return { kind, parameter, values: lists(values, label) };
    const parts = values.split(',').map((part) => part.trim());
    return {
      kind,
      parameter,
      values: parts.filter(Boolean).map((part) => {
        const parsed = parseText(field?.kind ?? 'text', part);
        if ('problem' in parsed) throw new Problem(`${label}: ${parsed.problem}`);
        return parsed.value as Json;
      }),
    };
  }

  #sampling(): Sampling {
    const { sampling: kind } = this;
    if (kind === 'grid') return { kind };
    if (kind === 'adaptive') return { kind, stride: whole(this.stride, 'The stride'), outcome: this.outcome };
    return { kind, samples: whole(this.samples, 'The number of samples'), seed: 0 };
  }

  #place(): SweepPlace {
    if (this.place === 'slurm') {
      if (this.folder.trim() === '') throw new Problem('Slurm needs a folder that every node of the cluster sees under the same path.');
      return {
        kind: 'slurm',
        folder: this.folder.trim(),
        trialsPerTask: this.trialsPerTask.trim() === '' ? null : whole(this.trialsPerTask, 'The number of trials a task'),
        options: this.sbatch.split(/\s+/).filter(Boolean),
      };
    }
    if (this.place === 'redis') {
      if (this.queue.trim() === '') throw new Problem('The queue needs a name, which its workers are started with.');
      return { kind: 'redis', url: this.url.trim(), queue: this.queue.trim() };
    }
    return { kind: 'local' };
  }

  #axisFrom(axis: SweepAxis): AxisDraft {
    const draft = new AxisDraft((this.#axisId += 1));
    draft.parameter = axis.parameter;
    draft.kind = axis.kind;
    if (axis.kind === 'range') {
      draft.scale = axis.scale;
      [draft.from, draft.to, draft.count] = [String(axis.from), String(axis.to), String(axis.count)];
    } else draft.values = axis.values.map((value) => (Array.isArray(value) ? JSON.stringify(value) : formatValue(value))).join(', ');
    return draft;
  }
}

/** What is wrong with what is typed: one sentence. */
class Problem extends Error {}

function told<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem) return error.message;
    throw error;
  }
}

function number(text: string, what: string): number {
  const parsed = parseText('number', text);
  if ('problem' in parsed) throw new Problem(`${what} is a number, such as 0.001 or 1e-3, not "${text.trim()}".`);
  return parsed.value as number;
}

function whole(text: string, what: string): number {
  const value = number(text, what);
  if (!Number.isInteger(value) || value < 0) throw new Problem(`${what} is a whole number, not ${text.trim()}.`);
  return value;
}

/** Lists of numbers in brackets, e.g. `[64, 64], [200]`. */
function lists(text: string, label: string): Json[] {
  try {
    return JSON.parse(`[${text}]`) as Json[];
  } catch {
    throw new Problem(`${label}: write each value in brackets, such as [64, 64], [200].`);
  }
}

const tidy = (value: number): string => String(Number(value.toPrecision(6)));

/** What can be remembered of a place: its address without the password. */
export function withoutPassword(place: SweepPlace): SweepPlace {
  if (place.kind !== 'redis' || !URL.canParse(place.url)) return place;
  const url = new URL(place.url);
  url.password = '';
  return { ...place, url: url.href };
}
