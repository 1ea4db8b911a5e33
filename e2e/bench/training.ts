/** One workload that trains: everybody started, compared, timed. */
import type { BenchResult, BenchRow } from '#app/protocol/bench.ts';
import { contendersOf, stand, takesPart, type Contender, type Standing } from './contenders.ts';
import { judge, noiseOf, probe } from './gate.ts';
import { playRounds, ratios, reportOf, secondsPerStep, warmUp } from './measure.ts';
import type { Options } from './options.ts';
import { quantile } from './statistics.ts';
import type { Comparison, Workload } from './workloads/workload.ts';

export interface Place {
  readonly entry: string;
  readonly peers: string;
  readonly pythons: Parameters<typeof contendersOf>[2]['pythons'];
  readonly tell: (words: string) => void;
}

export type WorkloadReport = BenchResult['workloads'][number];

export async function measureTraining(
  workload: Workload,
  shared: string,
  options: Options,
  place: Place,
): Promise<{ report: WorkloadReport; rows: BenchRow[] }> {
  const standings: Standing[] = [];
  try {
    for (const contender of contendersOf(workload, options, { ...place, shared })) {
      place.tell(`${workload.id}: starting ${contender.name}, ${contender.label}`);
      const standing = await stand(contender);
      standings.push(standing);
      if (standing.skipped !== null) place.tell(`${workload.id}: skipped ${contender.name}, ${contender.label}: ${standing.skipped}`);
      await probe(standing);
    }
    place.tell(`${workload.id}: how far rounding errors lead`);
    const reference = referenceFor(standings, workload.noise);
    const kin = standings.filter(
      ({ contender }) =>
        contender.engine === reference?.contender.engine && !differently(workload, contender.form) && contender !== reference?.contender,
    );
    const noise = reference ? await noiseOf(reference, kin) : null;
    await warmUp(standings, options.burstMilliseconds / 1000);
    await playRounds(standings, options.rounds, 'r', (done) => place.tell(`${workload.id}: round ${done} of ${options.rounds}`));
    const rows = workload.comparisons
      .filter(({ library }) => takesPart(options, library))
      .flatMap((comparison) => compare(workload, comparison, standings, noise));
    return { report: { id: workload.id, title: workload.title, noise, engines: standings.map(reportOf) }, rows };
  } finally {
    for (const { child } of standings) child?.close();
  }
}

/** Whether a peer's form computes in another precision than the workload. */
const differently = (workload: Workload, form: string): boolean =>
  workload.peers.some((peer) => peer.form === form && peer.precision !== undefined && peer.precision !== workload.precision);

/** The peer whose perturbed runs tell what rounding errors do: PyTorch's, else NumPy's. */
function referenceFor(standings: readonly Standing[], form: string): Standing | undefined {
  const able = standings.filter(({ child, losses, contender }) => child && losses && contender.form === form);
  return able.find(({ contender }) => contender.engine === 'torch') ?? able.find(({ contender }) => contender.engine === 'numpy');
}

/** Ours in every build against the fastest peer of the forms that count. */
function compare(workload: Workload, comparison: Comparison, standings: readonly Standing[], noise: number | null): BenchRow[] {
  const peers = standings.filter(({ contender }) => contender.engine === comparison.library && comparison.forms.includes(contender.form));
  const median = (standing: Standing): number => quantile(secondsPerStep(standing, 'cpu'), 0.5);
  const running = peers.filter(({ bursts }) => bursts.length > 0);
  const peer = running.length === 0 ? undefined : running.reduce((best, one) => (median(one) < median(best) ? one : best));
  // An engine that is not here is named among the engines; a claim that is missing, with its target, here.
  const ours = standings.filter(
    ({ contender, bursts }) =>
      contender.form === comparison.ours && isOurs(contender) && (bursts.length > 0 || contender.engine === 'wasm-relaxed'),
  );
  return ours.map((standing): BenchRow => {
    const head = {
      id: `${workload.id}/${comparison.id}/${standing.contender.engine}`,
      workload: workload.id,
      title: comparison.label,
      ours: standing.contender.name,
      unit: '×' as const,
      target: (standing.contender.engine === 'wasm-relaxed' && comparison.target) || null,
    };
    const refuse = (against: string, note: string, gate: BenchRow['gate'] = null): BenchRow => ({
      ...head,
      against,
      value: null,
      wall: null,
      gate,
      note,
    });
    if (standing.bursts.length === 0) return refuse('', standing.skipped ?? 'it took no part');
    if (!peer) return refuse('', peers[0]?.skipped ?? `no ${comparison.library} was found`);
    const against = `${peer.contender.name}, ${peer.contender.label}`;
    const gate = judge(standing, peer, workload.precision, noise);
    if (!gate.passed) return refuse(against, 'no ratio, since the two do not compute the same', gate);
    return { ...head, against, value: ratios(standing, peer, 'cpu'), wall: ratios(standing, peer, 't'), gate, note: null };
  });
}

export const isOurs = ({ engine }: Contender): boolean => engine !== 'torch' && engine !== 'numpy' && engine !== 'peak';
