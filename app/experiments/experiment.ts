/**
 * The experiment contract: one object that is complete without a screen.
 * Atlas, forms, command line, sweep axes, documentation and the reproduction report are derived from it.
 */
import type { z } from 'zod';
import type { Dataset, DatasetSource } from '#app/datasets/dataset.ts';
import type { Session } from '#app/engine/types.ts';
import type { Program } from '#app/engine/index.ts';
import type { ColourToken, FigureSpec, Theme } from '#app/figures/spec.ts';
import type { SceneSpec } from '#app/figures/scene.ts';
import type { Sampling, SweepAxis } from '#app/protocol/sweep.ts';
import type { Tour } from '#app/tours/tour.ts';

/** Parameters of any experiment: plain JSON values. */
export type Parameters = Readonly<Record<string, unknown>>;

/** What every field of a parameter schema says of itself, attached with `field()` of parameters.ts. */
export interface FieldInfo {
  readonly label: string;
  /** Symbol as the field writes it, in KaTeX source, e.g. `\\lambda`. */
  readonly symbol?: string;
  readonly unit?: string;
  readonly help: string;
  /** Forms show fields of one group under its name. */
  readonly group: string;
  readonly scale?: 'linear' | 'log';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly step?: number;
  /** The paper's value, shown beside the field. */
  readonly paper?: unknown;
  /** For choices: value -> label. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Names another field and the values for which this one applies; otherwise the form greys it out and says so. */
  readonly appliesWhen?: { readonly field: string; readonly is: readonly unknown[] };
  /** The field holds the id of a dataset that somebody imported; these parameters go with one. */
  readonly dataset?: Parameters;
}

export interface Preset<P> {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly parameters: P;
}

export interface Paper {
  readonly title: string;
  readonly authors: readonly string[];
  readonly year: number;
  readonly venue: string;
  readonly url: string;
}

/** A column of numbers recorded at every step, row t being the parameters after t updates (row 0: initial). */
export interface SeriesInfo {
  readonly name: string;
  readonly label: string;
  /** Components a row has: 1 for a scalar, e.g. 29 for the signals. */
  readonly width: number;
  readonly unit: string;
  readonly symbol?: string;
  /** It has no value where it is NaN; of any other series a number that is not finite means that the run diverged. */
  readonly mayBeUndefined?: boolean;
}

/** A named array recorded at the steps of a schedule. */
export interface FrameInfo {
  readonly name: string;
  readonly label: string;
  readonly shape: readonly number[];
}

/** What `build` makes of parameters: a program, its initial values, and what to record. */
export interface Training {
  readonly program: Program;
  readonly initial: Readonly<Record<string, ArrayLike<number>>>;
  readonly steps: number;
  /** Data that it learns from; absent where they are generated. */
  readonly dataset?: Pick<Dataset, 'id' | 'name' | 'hash'>;
  readonly series: readonly SeriesInfo[];
  readonly frames: readonly FrameInfo[];
  /** Increasing steps at which frames are recorded; includes 0 and `steps`. */
  readonly frameSteps: readonly number[];
  /**
   * Values of every series that need no training step, at the session's current parameters.
   * Called once for every step before the update; names in `trainSeries` and `derivedSeries` are filled from the step's own outputs.
   */
  observe(session: Session): Record<string, number | ArrayLike<number>>;
  /** Series filled from `session.trainOutputs()` : series name -> output name. */
  readonly trainSeries: Readonly<Record<string, string>>;
  /** Further series worked out from the step's own outputs, e.g. the exact fraction that an output of 32 bits stands for. */
  readonly derivedSeries?: Readonly<Record<string, (outputs: Readonly<Record<string, number>>) => number>>;
  /** Evaluation that gives what `trainSeries` and `derivedSeries` read for the very last row, output names as in training. */
  readonly trainEvaluation: string;
  /** Milestones found so far, for the timeline; called with what is recorded up to now. */
  milestones(run: RecordedRun): Milestone[];
}

export interface Milestone {
  readonly id: string;
  readonly label: string;
  readonly step: number;
  /** How it is decided, one sentence. */
  readonly rule: string;
}

/** Everything recorded of a run, however it is stored. Reads are synchronous and may touch the disk in the service. */
export interface RecordedRun<P = Parameters> {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: P;
  /** The last recorded step: series have `steps + 1` rows, or none yet. */
  readonly steps: number;
  readonly seriesInfo: readonly SeriesInfo[];
  /** All recorded rows, row-major (rows x width). @throws RangeError for an unknown name. */
  series(name: string): { readonly width: number; readonly rows: number; readonly values: Float64Array };
  /** The recorded frame nearest at or before `step`. */
  frame(
    name: string,
    step: number,
  ): { readonly step: number; readonly shape: readonly number[]; readonly values: Float32Array | Float64Array };
  frameSteps(name: string): readonly number[];
}

/** Lets a measure have the network itself at any step: restored from the nearest checkpoint and replayed to identical bits. */
export interface MeasureContext {
  /** The first step whose network can be had: 0, or where a fork begins. */
  readonly firstStep: number;
  session(step: number): Promise<Session>;
  /** Reports 0..1 and stops the computation by throwing when it was cancelled. */
  progress(fraction: number, what?: string): void;
  /** Lets other computations of the worker have their turn; for long loops, often, as it costs nothing while the turn is short. */
  turn(): Promise<void>;
}

/** One number, text or array a measure yields, in reading order. */
export interface Quantity {
  readonly id: string;
  readonly label: string;
  readonly symbol?: string;
  readonly unit: string;
  readonly value: number | string | readonly number[];
  /** One sentence that qualifies the number, e.g. why it does not forecast. */
  readonly note?: string;
  readonly tone?: 'good' | 'warn' | 'bad';
}

export interface Measure<P = Parameters, R = unknown> {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  /** KaTeX source. */
  readonly formula: string;
  readonly source: string;
  /** `session` measures need the network and run in a worker; `recording` ones only what was recorded. */
  readonly needs: 'recording' | 'session';
  readonly options: z.ZodType;
  compute(run: RecordedRun<P>, options: unknown, context: MeasureContext): Promise<R> | R;
  /** What tables, JSON and the command line show of the result. */
  quantities(result: R): Quantity[];
}

/** A figure: pure from recorded run (and measure results) to a spec that draws on screen, in Node and in exports. */
export interface Figure<P = Parameters> {
  readonly id: string;
  readonly title: string;
  /** What is seen and how to read it, two sentences at most; formulas between $. */
  readonly explanation: string;
  readonly source: string;
  /** Measures whose results `draw` wants, by id. */
  readonly measures: readonly string[];
  /** True if it can be drawn while the run is training, from few rows on. */
  readonly live: boolean;
  /** Returns a spec, or a sentence saying why there is nothing to draw yet. */
  draw(input: { run: RecordedRun<P>; results: Readonly<Record<string, unknown>>; step: number; theme: Theme }): FigureSpec | string;
}

/** A 3D picture of a step: rings, clouds. Pure, cheap enough for every animation frame. */
export interface Picture<P = Parameters> {
  readonly id: string;
  readonly label: string;
  readonly explanation: string;
  /** Frame it is drawn from. */
  readonly frame: string;
  scene(input: { run: RecordedRun<P>; step: number }): SceneSpec | string;
}

/** Which entry of the panel catalogue is shown where. */
export type Panel =
  | { readonly kind: 'scene'; readonly id: string; readonly area: 'main'; readonly pictures: readonly string[] }
  | {
      readonly kind: 'figure';
      readonly id: string;
      readonly area: 'side';
      readonly figure: string;
      /** Height in px that suits the figure, until the user sets another. */
      readonly height?: number;
    }
  | { readonly kind: 'quantities'; readonly id: string; readonly area: 'side'; readonly measure: string; readonly title: string };

/** Parameters and measures that a claim needs; runs with equal parameters are trained once and shared. */
export interface Claim<P = Parameters> {
  readonly id: string;
  readonly statement: string;
  readonly source: string;
  /** How it is checked here and on what sample, one or two sentences. */
  readonly how: string;
  /** Runs to train. `quick` asks for the smallest honest sample. */
  plan(options: { quick: boolean }): P[];
  check(runs: readonly RecordedRun<P>[], contexts: readonly MeasureContext[]): Promise<ClaimOutcome> | ClaimOutcome;
}

export interface ClaimOutcome {
  readonly measured: string;
  readonly expected: string;
  readonly tolerance: string;
  readonly holds: boolean;
}

/** Something a finished run comes to, as sweeps map it: one number, or the phase of learning it ended in. */
export interface OutcomeInfo {
  readonly id: string;
  readonly label: string;
  readonly symbol?: string;
  readonly unit: string;
  readonly help: string;
  /** Of a `phase` the value is the id of one of the experiment's `phases`. */
  readonly kind: 'number' | 'phase';
  /** How its colours are spread; `linear` unless told. */
  readonly scale?: 'linear' | 'log';
  /** Ends of the colours where they are known beforehand, e.g. [0, 1] of an accuracy. */
  readonly domain?: readonly [number, number];
}

/** Values by id of `outcomes`; null where the run has none, e.g. the step of something that never happened. */
export type Outcomes = Readonly<Record<string, number | string | null>>;

/** One of the ways a run can end, e.g. grokking. */
export interface PhaseInfo {
  readonly id: string;
  readonly label: string;
  readonly colour: ColourToken;
  /** When a run counts as this. */
  readonly rule: string;
}

/** Something that cells of a map are hatched for besides seeds that disagree, e.g. a run that is trapped. */
export interface Hatch {
  readonly id: string;
  readonly label: string;
  readonly rule: string;
  applies(outcomes: Outcomes): boolean;
}

/** A map that a paper published, to be laid beside or over one's own. */
export interface PublishedMap {
  readonly id: string;
  readonly label: string;
  readonly source: string;
  /** Parameters in which its runs differ from the defaults, e.g. the number of steps. */
  readonly parameters: Parameters;
  readonly x: { readonly parameter: string; readonly values: readonly number[] };
  readonly y: { readonly parameter: string; readonly values: readonly number[] };
  /** Outcome that it shows. */
  readonly outcome: string;
  /** Row-major, rows in the order of `y.values`; null where nothing was published. */
  readonly cells: readonly (number | string | null)[];
}

/** A pair of numbers, of training and of test data, that the landscape of an experiment shows against the norm of its parameters. */
export interface LandscapeCurve {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
  /** Outcomes that a pinned run contributes, by id. */
  readonly train: string;
  readonly test: string;
  /** Series of a free run whose values move along the curve. */
  readonly trainSeries: string;
  readonly testSeries: string;
  /** What the curve shows of a value of those series, e.g. 1 - accuracy; the value itself unless told. */
  ofSeries?(value: number): number;
}

/** Where a run stands when somebody intervenes in it. */
export interface RunState {
  /** Norm of all parameters now, and before the first step. */
  readonly norm: number;
  readonly initialNorm: number;
  /** Norm w_c at which its landscape has the lowest test value; null while that is not known. */
  readonly criticalNorm: number | null;
}

/** Something that a press of a button changes in a run, to see what follows. */
export interface Intervention<P = Parameters> {
  readonly id: string;
  readonly label: string;
  /** What is expected to happen, one sentence. */
  readonly help: string;
  /** From where the network goes on: the step that is shown, step 0, or nowhere as what it begins with is itself another. */
  readonly from: 'here' | 'start' | 'anew';
  /** Parameters that change; a sentence where it cannot be done. */
  changes(parameters: P, state: RunState): Partial<P> | string;
}

/**
 * How the norm of all parameters decides what a network learns: a sweep over the scale of initial parameters whose trials keep
 * their norm gives the reduced losses (Liu, Michaud, Tegmark 2023), and a free run moves over them.
 */
export interface LandscapeInfo {
  /** Parameter that multiplies all initial parameters: the axis of the sweep. */
  readonly scale: string;
  /** Smallest and largest scale of a landscape, and how many between them, evenly in the logarithm. */
  readonly scales: { readonly from: number; readonly to: number; readonly count: number };
  /** Parameters in which a pinned trial differs from the run: the norm is kept, nothing decays, so many steps. */
  pinned(parameters: Parameters): Parameters;
  /** Parameters that pin a run forked from another at a norm: what follows training keeps it there. */
  pinnedAt(norm: number): Parameters;
  /** What can be done about grokking. */
  readonly interventions: readonly Intervention[];
  /** Outcome that is the norm at which a trial ended, and the series that is the norm of a run. */
  readonly norm: string;
  readonly normSeries: string;
  /** Outcomes of a free run that the timing law speaks of. */
  readonly timing: {
    readonly initialNorm: string;
    readonly fitted: string;
    readonly generalised: string;
    readonly normAtGeneralising: string;
    /** Parameters: learning rate and decoupled weight decay. */
    readonly learningRate: string;
    readonly weightDecay: string;
    /** The curve whose test value falls to a limit when a run counts as generalising. */
    readonly passes: { readonly curve: string; limit(parameters: Parameters): number };
  };
  readonly curves: readonly LandscapeCurve[];
  /** Parameters that decide how a run moves over the landscape but not what the landscape is; seeds of initial values among them. */
  readonly free: readonly string[];
  /** Parameters that get another seed in every repetition. */
  readonly seeds: readonly string[];
}

/** A sweep worth training, ready to start: every seed parameter gets the seeds 0, 1, ... */
export interface ReadySweep<P = Parameters> {
  readonly id: string;
  readonly label: string;
  /** What it repeats and where it departs from it, or why it is worth training, in one sentence. */
  readonly source: string;
  /** Null for the defaults of all parameters. */
  readonly preset: string | null;
  /** What differs from them in every trial. */
  readonly parameters: Partial<P>;
  /** The first runs across, the second up. */
  readonly axes: readonly SweepAxis[];
  /** A grid unless told. */
  readonly sampling?: Sampling;
  /** Trainings of every point. */
  readonly seeds: number;
}

/** Cost before anything runs. */
export interface Estimate {
  readonly steps: number;
  readonly flopsPerStep: number;
  /** Bytes the run keeps on disk. */
  readonly bytesKept: number;
  /** Bytes of memory the engine takes: exactly those of the compiled program's arena. */
  readonly arenaBytes: number;
  /** Bytes of all rows of all series, which stay in memory while the run trains and are part of what it keeps. */
  readonly rowBytes: number;
}

/** Of an experiment whose runs were trained elsewhere: there is a record, and no network. */
export interface ImportedRuns<P = Parameters> {
  /** Why nothing can be trained, resumed, forked or swept, and what would help; one sentence for people. */
  readonly why: string;
  milestones(run: RecordedRun<P>): Milestone[];
}

export interface Experiment<P extends Parameters = Parameters> {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly paper: Paper;
  /** zod object whose fields were made with `field()`; bad values give sentences, never codes. */
  readonly parameters: z.ZodObject;
  readonly presets: readonly Preset<P>[];
  /** @param datasets gives those that the parameters name */
  estimate(parameters: P, datasets: DatasetSource): Estimate;
  build(parameters: P, datasets: DatasetSource): Training;
  /** Absent where runs are trained here; where they are imported, `build` and `estimate` throw its `why`. */
  readonly imported?: ImportedRuns<P>;
  readonly measures: readonly Measure<P>[];
  readonly figures: readonly Figure<P>[];
  readonly pictures: readonly Picture<P>[];
  readonly panels: readonly Panel[];
  readonly claims: readonly Claim<P>[];
  /** What sweeps can map. The first is shown unless another is chosen. */
  readonly outcomes: readonly OutcomeInfo[];
  /** Phases of learning in reading order; empty where the experiment has none. */
  readonly phases: readonly PhaseInfo[];
  readonly hatches: readonly Hatch[];
  readonly publishedMaps: readonly PublishedMap[];
  /** Null where the norm of the parameters is no axis of its own. */
  readonly landscape: LandscapeInfo | null;
  /** Besides the published maps. */
  readonly sweeps: readonly ReadySweep<P>[];
  /** The guided tour of the paper; null where there is none. */
  readonly tour: Tour | null;
  /** What a run that ended came to; a diverged run has what was recorded until then. Has every id of `outcomes`. */
  outcomesOf(run: RecordedRun<P>): Outcomes;
  /** Colour slot of each linking key (e.g. `k=5`) at the end of what is recorded; -1 for "dead". Stable while it trains. */
  keyColours(run: RecordedRun<P>): ReadonlyMap<string, number>;
  /** The few numbers and words `lotka run --json` and the run list show, e.g. testAccuracy, survivors. */
  headline(run: RecordedRun<P>): Record<string, number | string | readonly number[] | null>;
}
