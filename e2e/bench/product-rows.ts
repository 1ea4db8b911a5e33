/** W5: products alone, each against what 128-bit vectors can do in the same round. */
import type { BenchRow } from '#app/protocol/bench.ts';
import type { Precision } from '#app/engine/index.ts';
import { attempt, ourStart, peerStart, stand, takesPart, type Contender, type Standing } from './contenders.ts';
import { reportOf, secondsPerStep, warmUp, playRounds } from './measure.ts';
import { ourEngines, type Options } from './options.ts';
import { peakFlops, type PeakForm } from './peak.ts';
import { spreadOf } from './statistics.ts';
import type { Place, WorkloadReport } from './training.ts';
import { describeProduct, flopsOf, products } from './workloads/products.ts';

/** Products are short and many, so their bursts are shorter. */
const burstShare = 0.25;

export async function measureProducts(
  precision: Precision,
  shared: string,
  options: Options,
  place: Place,
): Promise<{ report: WorkloadReport; rows: BenchRow[] }> {
  const id = `w5-${precision}`;
  const peak: PeakForm = precision === 'f32' ? 'fused32' : 'fused64';
  const named = (engine: Contender['engine'], name: string, start: Contender['start']): Contender => ({
    id: engine === 'peak' ? 'peak' : name,
    name,
    engine,
    form: 'product',
    label: '',
    start,
  });
  const contenders = [
    named('peak', '128-bit fused multiply-add', ourStart(place.entry, shared, id, 'peak', peak)),
    ...ourEngines
      .filter((engine) => engine !== 'tensorflow' && takesPart(options, engine))
      .map((engine) => named(engine, `Lotka ${engine}`, ourStart(place.entry, shared, id, engine, 'product'))),
    ...place.pythons.flatMap((python) =>
      (['torch', 'numpy'] as const)
        .filter((library) => takesPart(options, library) && python[library] !== null)
        .map((library) =>
          named(
            library,
            `${library === 'torch' ? 'PyTorch' : 'NumPy'} ${python[library]}`,
            peerStart(python, place.peers, shared, 'w5', { library, form: 'product' }),
          ),
        ),
    ),
  ];
  const standings: Standing[] = [];
  const report: WorkloadReport = { id, title: `Matrix products, ${precision}`, noise: null, engines: [] };
  const rows: BenchRow[] = [];
  try {
    // Two Pythons may bring the same library.
    for (const contender of new Map(contenders.map((one) => [one.name, one])).values()) {
      place.tell(`${id}: starting ${contender.name}`);
      standings.push(await stand(contender));
    }
    for (const [index, product] of products.entries()) {
      place.tell(`${id}: ${describeProduct(product)}`);
      for (const standing of standings) {
        standing.bursts.length = 0;
        await attempt(standing, (child) => child.ask(`s ${index}`));
      }
      await warmUp(standings, (options.burstMilliseconds / 1000) * burstShare);
      await playRounds(standings, options.rounds, null, () => undefined);
      const rate = (standing: Standing): number[] =>
        secondsPerStep(standing, 'cpu').map(
          (seconds) => (standing.contender.engine === 'peak' ? peakFlops(peak) : flopsOf(product)) / seconds,
        );
      const bound = rate(standings[0]);
      for (const standing of standings) {
        const { contender } = standing;
        const engine = reportOf(standing);
        if (contender.engine !== 'peak' || index === 0)
          report.engines.push({
            ...engine,
            id: `${contender.id} ${index}`,
            form: contender.engine === 'peak' ? 'a fixed amount of work' : describeProduct(product),
          });
        if (contender.engine !== 'wasm' && contender.engine !== 'wasm-relaxed') continue;
        const rates = rate(standing);
        const value = spreadOf(bound.slice(0, rates.length).map((most, round) => (100 * rates[round]) / most));
        const gigaflops = spreadOf(rates.map((flops) => flops / 1e9));
        rows.push({
          id: `${id}/${index}/${contender.engine}`,
          workload: id,
          title: describeProduct(product),
          ours: contender.name,
          against: '128-bit fused multiply-add',
          unit: '%',
          value,
          wall: null,
          target: contender.engine === 'wasm-relaxed' ? { least: 90, aim: 93 } : null,
          gate: null,
          note: gigaflops ? `${gigaflops.median.toFixed(1)} GFLOP/s` : (standing.skipped ?? standings[0].skipped),
        });
      }
    }
    return { report, rows };
  } finally {
    for (const { child } of standings) child?.close();
  }
}
