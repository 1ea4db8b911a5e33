import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { landscapeDefinition, sliceOf } from '#app/landscape/definition.ts';
import { curveOf, landscapeOf, type Landscape, type LandscapeChoice } from '#app/landscape/reduced.ts';
import { wallOf } from '#app/landscape/wall.ts';
import type { SweepDefinition, SweepRecord } from '#app/protocol/sweep.ts';
import type { Service } from '#renderer/connect/service.ts';
import { LiveEstimate } from './estimate.svelte.ts';
import { LiveSweep } from './sweep.svelte.ts';

/** A stored sweep over which a run moves, and at which values of its further axes. */
export interface FittingSweep {
  readonly record: SweepRecord;
  readonly at: NonNullable<LandscapeChoice['at']>;
}

/** Those of the sweeps that are the landscape of a run with these parameters; the most finished first, then the newest. */
export function fittingSweeps(experiment: Experiment, sweeps: readonly SweepRecord[], parameters: Parameters): FittingSweep[] {
  return sweeps
    .flatMap((record) => {
      const at = sliceOf(experiment, record.definition, parameters);
      return at === null ? [] : [{ record, at }];
    })
    .sort((a, b) => share(b) - share(a));
}

const share = ({ record: { done, planned } }: FittingSweep): number => done / Math.max(1, planned);

/** The landscape under a run: which stored sweep gives it, its reduced curves as they grow, and what it would cost to compute one. */
export class RunLandscape {
  readonly experiment: Experiment;
  readonly cost: LiveEstimate;
  /** The sweep whose results are shown. */
  sweep = $state.raw<LiveSweep | null>(null);
  at = $state.raw<NonNullable<LandscapeChoice['at']>>({});
  /** Id of the curve that is shown. */
  curve = $state('');
  /** Why a sweep could not be opened. */
  trouble = $state<string | null>(null);
  readonly #service: Service;
  #opening = 0;

  /** @param experiment one that has a landscape */
  constructor(service: Service, experiment: Experiment) {
    this.#service = service;
    this.experiment = experiment;
    this.cost = new LiveEstimate(service);
    this.curve = curveOf(experiment.landscape!).id;
  }

  /** Shows the reduced curves of a sweep, and follows it while it trains; null for none. */
  async show(fitting: FittingSweep | null): Promise<void> {
    const opening = ++this.#opening;
    if (fitting && fitting.record.id === this.sweep?.id) {
      this.at = fitting.at;
      return;
    }
    this.sweep?.leave();
    this.sweep = null;
    this.trouble = null;
    if (!fitting) return;
    try {
      const record = await this.#service.call('sweeps.get', { sweep: fitting.record.id });
      if (opening !== this.#opening) return;
      this.at = fitting.at;
      this.sweep = new LiveSweep(this.#service, record);
      this.sweep.watch();
    } catch (error) {
      if (opening === this.#opening) this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** What the results so far come to; null while nothing is shown. Depends on the sweep's `version`. */
  landscape(curve: string = this.curve): Landscape | null {
    const { sweep, at } = this;
    if (!sweep) return null;
    void sweep.version;
    return landscapeOf(this.experiment, sweep.record, sweep.results.values(), { curve, at });
  }

  /** What would be trained for the landscape of a run with these parameters. @param of what it is named after */
  definitionOf(parameters: Parameters, backend: SweepDefinition['backend'], of: string): SweepDefinition {
    return landscapeDefinition(this.experiment, parameters, { name: `Landscape of ${of}`.slice(0, 200), backend });
  }

  /** Norm w_c at which the medians of the shown test curve have their minimum; null while that is not known. */
  get criticalNorm(): number | null {
    const minimum = this.landscape()?.shape?.minimum;
    return minimum && minimum.edge === null ? minimum.norm : null;
  }

  /** Norm at which networks held there pass the threshold of a run with these parameters, to three digits; null while unknown. */
  wall(parameters: Parameters): number | null {
    const { curve, limit } = this.experiment.landscape!.timing.passes;
    const landscape = this.landscape(curve);
    const norm = landscape && wallOf(landscape, limit(parameters));
    return norm === null ? null : Number(norm.toPrecision(3));
  }

  leave(): void {
    this.#opening += 1;
    this.cost.stop();
    this.sweep?.leave();
    this.sweep = null;
  }
}
