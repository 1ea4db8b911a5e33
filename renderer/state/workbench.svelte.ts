import { getContext, setContext } from 'svelte';
import type { BackendName } from '#app/engine/types.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import type { Contract, RunRecord } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepDefinition, SweepPlace, SweepRecord } from '#app/protocol/sweep.ts';
import { reread } from '#renderer/connect/reread.ts';
import type { Service } from '#renderer/connect/service.ts';
import type { SceneControls } from '#renderer/panels/catalogue.ts';
import { Archives } from './archives.svelte.ts';
import { Claims } from './claims.svelte.ts';
import { Comparison } from './comparison.svelte.ts';
import { Datasets } from './datasets.svelte.ts';
import { Draft } from './draft.svelte.ts';
import { LiveRun } from './live-run.svelte.ts';
import { Measures } from './measures.svelte.ts';
import { mostCompared, Router, type Route } from './route.svelte.ts';
import { Runs } from './runs.svelte.ts';
import { Selection } from './selection.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { SweepDraft, withoutPassword } from './sweep-draft.svelte.ts';
import { LiveSweep } from './sweep.svelte.ts';
import { Sweeps } from './sweeps.svelte.ts';
import type { TimeCursor } from './time-cursor.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { TourGuide } from './tour.svelte.ts';

export type DialogName = 'palette' | 'help' | 'fork' | 'rename' | 'export' | 'film' | 'add-runs';
export type AppInfo = OutputOf<Contract['app.info']>;
export type EngineInfo = OutputOf<Contract['engine.backends']>;
type RunCall = 'runs.pause' | 'runs.resume' | 'runs.stop';
type JsonParameters = RunRecord['parameters'];

/** What the timeline moves. */
export interface FilmTime {
  readonly cursor: TimeCursor;
  /** Steps at which what is seen changes, increasing; empty if it is drawn from every step. */
  readonly steps: readonly number[];
}

/** Everything the window knows, in one place: screens read it, actions change it. */
export class Workbench {
  readonly service: Service;
  readonly router = new Router();
  readonly toasts = new Toasts();
  readonly selection = new Selection();
  readonly settings: Settings;
  readonly runs: Runs;
  readonly sweeps: Sweeps;
  readonly datasets: Datasets;
  readonly archives: Archives;
  readonly tour: TourGuide;
  /** True once the stored settings are known, or known to be out of reach. */
  ready = $state(false);
  info = $state.raw<AppInfo | null>(null);
  /** What can train here. */
  engine = $state.raw<EngineInfo | null>(null);
  /** False while the service is gone: what was known last may no longer be so. */
  connected = $state(true);
  /** The run that is open, the form beside it, and what is measured of it. */
  run = $state.raw<LiveRun | null>(null);
  measures = $state.raw<Measures | null>(null);
  draft = $state.raw<Draft | null>(null);
  /** The runs side by side on the Compare screen. */
  comparison = $state.raw<Comparison | null>(null);
  /** Runs chosen to be compared, in order: ticked in the list, or put on the Compare screen. */
  compared = $state.raw<readonly string[]>([]);
  /** The sweep that is open, and the form of a new one. */
  sweep = $state.raw<LiveSweep | null>(null);
  sweepDraft = $state.raw<SweepDraft | null>(null);
  /** Why the route could not be opened. */
  trouble = $state<string | null>(null);
  scene = $state.raw<SceneControls | null>(null);
  /** Picture of the stage that was chosen, by id; one that an experiment does not have is its first. */
  picture = $state('');
  dialog = $state<DialogName | null>(null);
  /** Row chosen in the list of runs. */
  picked = $state<string | null>(null);
  /** Run whose name is being edited in the list. */
  renaming = $state<string | null>(null);
  /** Counts requests to put the cursor into the search field. */
  searches = $state(0);
  /** Files of a training that were dropped somewhere, until the screen of imports takes them. */
  droppedTraining = $state.raw<readonly File[] | null>(null);
  /** True while a run is being started, so that a second press does not start another. */
  starting = $state(false);
  #opening = 0;
  /** Step that is shown of a run once it is open. */
  #lookAt: { readonly run: string; readonly step: number } | null = null;
  readonly #claims = new Map<string, Claims>();

  constructor(service: Service) {
    this.service = service;
    this.settings = new Settings(service, (error) => this.toasts.fail(error));
    this.runs = new Runs(service);
    this.sweeps = new Sweeps(service, this.toasts);
    this.datasets = new Datasets(service, this.toasts);
    this.archives = new Archives(service, this.toasts, this.router);
    this.tour = new TourGuide({ service, archives: this.archives, router: this.router, toasts: this.toasts });
    this.runs.onRecord((record) => {
      this.run?.notice(record);
      this.comparison?.notice(record);
    });
    this.runs.onRemoved((run) => {
      this.comparison?.forget(run);
      if (!this.comparison) this.compared = this.compared.filter((id) => id !== run);
    });
  }

  /** Loads what the window needs from the service and follows its list of runs until `signal` aborts. */
  begin(signal: AbortSignal): void {
    this.settings
      .load()
      .catch((error: unknown) => this.toasts.fail(error))
      .finally(() => (this.ready = true));
    reread(() => this.service.call('app.info', {})).then(
      (info) => (this.info = info),
      (error: unknown) => this.toasts.fail(error),
    );
    void this.loadEngine();
    void this.runs.follow(signal);
    void this.sweeps.follow(signal);
    void this.datasets.reload();
    void this.archives.reload();
  }

  /** Asks anew what can train here: a backend may have been installed meanwhile, or a setting been changed. */
  async loadEngine(): Promise<void> {
    try {
      this.engine = await reread(() => this.service.call('engine.backends', {}));
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  /** What people call a backend; its name while that is not known. */
  backendLabel(name: string): string {
    return this.engine?.backends.find((backend) => backend.name === name)?.label ?? name;
  }

  /** Claims of an experiment; a check goes on while other screens are looked at. */
  claimsOf(experiment: string): Claims {
    let claims = this.#claims.get(experiment);
    if (!claims) {
      claims = new Claims(this.service, experiment);
      this.#claims.set(experiment, claims);
    }
    return claims;
  }

  /** The run that actions are about: the open one, or the row chosen in the list. */
  get target(): RunRecord | null {
    const { screen } = this.router.current;
    if (screen === 'run') return this.run?.record ?? null;
    if (screen === 'runs' && this.picked !== null) return this.runs.byId(this.picked) ?? null;
    return null;
  }

  /** The sweep that actions are about: the open one, or the row chosen in the list. */
  get sweepTarget(): SweepRecord | null {
    const { screen } = this.router.current;
    if (screen === 'sweep') return this.sweep?.record ?? null;
    if (screen === 'sweeps' && this.sweeps.picked !== null) return this.sweeps.byId(this.sweeps.picked) ?? null;
    return null;
  }

  /** What play, arrows, Home and End act on: the open run, or all that are compared; null before anything is recorded. */
  get time(): FilmTime | null {
    if (this.comparison) {
      const { cursor, recorded, frameSteps } = this.comparison;
      return recorded.length > 0 ? { cursor, steps: frameSteps } : null;
    }
    if (!this.run || this.run.rows === 0) return null;
    const frame = this.draft?.experiment.pictures[0]?.frame;
    return { cursor: this.run.cursor, steps: frame === undefined ? [] : this.run.frameSteps(frame) };
  }

  /** Takes a run into the comparison or out of it. On the Compare screen it comes or goes at once. */
  toggleCompared(run: string): void {
    const isIn = this.compared.includes(run);
    if (!isIn && this.compared.length >= mostCompared) {
      this.toasts.show(`${mostCompared} runs fit beside each other. Take one out first.`);
      return;
    }
    this.compare(isIn ? this.compared.filter((id) => id !== run) : [...this.compared, run]);
  }

  /** Compares these runs, in this order. */
  compare(runs: readonly string[]): void {
    this.compared = runs;
    if (this.router.current.screen === 'compare') this.router.go({ screen: 'compare', runs });
  }

  /** Makes the state fit the route. Answers that come after the next navigation are dropped. */
  async open(route: Route): Promise<void> {
    const opening = ++this.#opening;
    this.trouble = null;
    this.selection.hover = null;
    if (route.screen === 'run') {
      this.#leaveComparison();
      this.#leaveSweep();
      if (this.run?.id !== route.run) await this.#openRun(route.run, () => opening === this.#opening);
      return;
    }
    this.#leaveRun();
    if (route.screen !== 'sweep' || route.sweep !== this.sweep?.id) this.#leaveSweep();
    if (route.screen === 'compare') {
      this.compared = route.runs;
      this.comparison ??= new Comparison(this.service);
      this.comparison.show(route.runs);
      return;
    }
    this.#leaveComparison();
    if (route.screen === 'sweep' && !this.sweep) await this.#openSweep(route.sweep, () => opening === this.#opening);
    if (route.screen === 'new-sweep') this.#openSweepDraft(route.experiment, route.preset);
    if (route.screen !== 'new') return;
    try {
      const experiment = experimentById(route.experiment);
      if (experiment.imported) {
        this.router.go({ screen: 'import' }, { replace: true });
        return;
      }
      const remembered = this.settings.stored.drafts[experiment.id];
      this.draft =
        route.preset === null && remembered
          ? new Draft(experiment, remembered.preset, { ...experiment.presets[0]?.parameters, ...remembered.parameters })
          : new Draft(experiment, route.preset);
    } catch (error) {
      this.draft = null;
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** The run before stays on the screen until the new one is there. */
  async #openRun(id: string, wanted: () => boolean): Promise<void> {
    try {
      const opened = await this.service.call('runs.get', { run: id });
      if (wanted()) this.#show(new LiveRun(this.service, opened));
    } catch (error) {
      if (!wanted()) return;
      this.#leaveRun();
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #show(run: LiveRun): void {
    this.#leaveRun();
    const experiment = experimentById(run.experiment);
    if (this.draft?.experiment === experiment) this.draft.startFrom(run.parameters, run.record.preset);
    else this.draft = new Draft(experiment, run.record.preset, run.parameters);
    this.run = run;
    if (this.#lookAt?.run === run.id) run.lookAt(this.#lookAt.step);
    this.#lookAt = null;
    this.measures = new Measures(this.service, run.id);
    run.watch();
  }

  #leaveRun(): void {
    this.run?.leave();
    this.measures?.leave();
    this.run = null;
    this.measures = null;
  }

  async #openSweep(id: string, wanted: () => boolean): Promise<void> {
    try {
      const record = await this.service.call('sweeps.get', { sweep: id });
      if (!wanted()) return;
      this.sweep = new LiveSweep(this.service, record);
      this.sweep.watch();
    } catch (error) {
      if (wanted()) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #leaveSweep(): void {
    this.sweep?.leave();
    this.sweep = null;
  }

  #openSweepDraft(id: string, preset: string | null): void {
    try {
      const experiment = experimentById(id);
      const remembered = this.settings.stored.sweepDrafts[experiment.id];
      this.sweepDraft = new SweepDraft(experiment, preset, this.settings.stored.backend);
      if (preset === null && remembered) this.sweepDraft.startFrom(remembered.definition, remembered.place);
    } catch (error) {
      this.sweepDraft = null;
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  #leaveComparison(): void {
    this.comparison?.leave();
    this.comparison = null;
  }

  /** Reads what is shown anew: it may lie elsewhere now. */
  reopen(): void {
    this.#leaveRun();
    this.#leaveSweep();
    void this.open(this.router.current);
  }

  /** Opens the form of an import with a file. */
  importFile(file: File): void {
    this.datasets.dropped = file;
    this.router.go({ screen: 'datasets' });
  }

  /** Opens the form of an import of a training with files. */
  importTraining(files: readonly File[]): void {
    this.droppedTraining = files;
    this.router.go({ screen: 'import' });
  }

  /** Opens a run at a step. */
  showRun(run: string, step: number): void {
    this.#lookAt = { run, step };
    if (this.run?.id === run) this.run.lookAt(step);
    this.router.go({ screen: 'run', run });
  }

  /** Opens the form of a new run of an experiment with a dataset in it. */
  learnFrom(experiment: Experiment, dataset: string): void {
    const field = fieldsOf(experiment.parameters).find(({ info }) => info.dataset !== undefined);
    const [preset] = experiment.presets;
    if (!field || !preset) return;
    this.#remember(experiment.id, null, { ...preset.parameters, ...field.info.dataset, [field.name]: dataset });
    this.router.go({ screen: 'new', experiment: experiment.id, preset: null });
  }

  /** Starts a run with what is in the form and opens it. */
  async train(): Promise<void> {
    const { draft } = this;
    const parameters = draft?.parameters;
    if (!draft || !parameters || this.starting) return;
    this.starting = true;
    const preset = draft.matchingPreset?.id ?? null;
    try {
      const { backend } = this.settings.stored;
      const start = { experiment: draft.experiment.id, preset, parameters: json(parameters), backend };
      const { run } = await this.service.call('runs.start', start);
      this.#remember(draft.experiment.id, preset, parameters);
      this.router.go({ screen: 'run', run });
    } catch (error) {
      this.toasts.fail(error);
    } finally {
      this.starting = false;
    }
  }

  /** Starts the sweep that is in the form and opens it. */
  async startSweep(): Promise<void> {
    const { definition, placeNow: place } = this.sweepDraft ?? {};
    if (!definition || !place || typeof definition === 'string' || typeof place === 'string' || this.starting) return;
    this.starting = true;
    try {
      const { sweep } = await this.service.call('sweeps.start', { definition, place });
      this.rememberSweep(definition, place);
      this.router.go({ screen: 'sweep', sweep });
    } catch (error) {
      this.toasts.fail(error);
    } finally {
      this.starting = false;
    }
  }

  /** The form of the next sweep of the experiment starts from this. */
  rememberSweep(definition: SweepDefinition, place: SweepPlace): void {
    const remembered = { definition, place: withoutPassword(place) };
    this.settings.change({ sweepDrafts: { ...this.settings.stored.sweepDrafts, [definition.experiment]: remembered } });
  }

  /**
   * Continues from a recorded step as a new run, with the form's changes, and opens it.
   * @param backend that of the run unless told
   * @throws LotkaError if it cannot be.
   */
  async fork(name: string, backend?: BackendName): Promise<void> {
    const { run, draft } = this;
    if (!run || !draft?.parameters) throw new LotkaError('bad-input', 'Correct the parameters first.');
    const forked = await this.service.call('runs.fork', {
      run: run.id,
      step: run.cursor.step,
      parameters: json(draft.changes),
      ...(backend ? { backend } : {}),
      ...(name.trim() ? { name: name.trim() } : {}),
    });
    this.router.go({ screen: 'run', run: forked.run });
  }

  /**
   * Changes something in a run to see what follows: it goes on from the step that is shown or from step 0, or another begins.
   * A run that is over goes on for as many steps again. Opens what comes of it.
   * @throws LotkaError if it cannot be
   */
  async intervene(run: LiveRun, from: 'here' | 'start' | 'anew', label: string, changes: Parameters): Promise<void> {
    const { id, record, parameters } = run;
    const name = `${record.name}: ${label.charAt(0).toLowerCase()}${label.slice(1)}`.slice(0, 200);
    if (from === 'anew' || (from === 'start' && record.forkedFrom)) {
      const { experiment, provenance } = record;
      const backend = this.engine?.backends.find((one) => one.name === provenance.backend)?.name;
      const start = { experiment, preset: null, parameters: json({ ...parameters, ...changes }), name, ...(backend ? { backend } : {}) };
      this.router.go({ screen: 'run', run: (await this.service.call('runs.start', start)).run });
      return;
    }
    const step = from === 'start' ? 0 : run.cursor.step;
    const further = step >= record.steps && 'steps' in parameters ? { steps: 2 * record.steps } : {};
    const forked = await this.service.call('runs.fork', { run: id, step, parameters: json({ ...changes, ...further }), name });
    this.router.go({ screen: 'run', run: forked.run });
  }

  /** Asks the service for one of the simple things that can be done with a run; trouble becomes a message. */
  async ask(name: RunCall, run: string): Promise<void> {
    try {
      await this.service.call(name, { run });
      if (name === 'runs.resume') this.run?.watch();
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  async rename(run: string, name: string): Promise<void> {
    const wanted = name.trim();
    if (!wanted || wanted === this.runs.byId(run)?.name) return;
    try {
      await this.service.call('runs.rename', { run, name: wanted });
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  /** Moves a run to the trash and offers to bring it back. */
  async remove(record: RunRecord): Promise<void> {
    try {
      await this.service.call('runs.delete', { run: record.id });
      if (this.run?.id === record.id) this.router.go({ screen: 'runs' });
      this.toasts.show(`Deleted "${record.name}".`, {
        action: {
          label: 'Undo',
          perform: () => void this.service.call('runs.restore', { run: record.id }).catch((error: unknown) => this.toasts.fail(error)),
        },
      });
    } catch (error) {
      this.toasts.fail(error);
    }
  }

  #remember(experiment: string, preset: string | null, parameters: Parameters): void {
    const drafts = { ...this.settings.stored.drafts, [experiment]: { preset, parameters: json(parameters) } };
    this.settings.change({ drafts });
  }
}

/** Parameters are JSON by the schema that checked them. */
const json = (parameters: Parameters) => structuredClone(parameters) as JsonParameters;

const key = Symbol('workbench');

export const provideWorkbench = (workbench: Workbench): Workbench => setContext(key, workbench);
export const useWorkbench = (): Workbench => getContext<Workbench>(key);
