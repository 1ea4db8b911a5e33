/** Entry of the thread that reads trainings of others: `workerData` is the port to the service. */
import { workerData } from 'node:worker_threads';
import type { ArrayFile } from '#app/arrays/file.ts';
import { openArrays } from '#app/arrays/open.ts';
import { catalogueOf, type Candidate } from '#app/imports/catalogue.ts';
import { collect } from '#app/imports/collect.ts';
import { inspect } from '#app/imports/inspect.ts';
import { assign, planImport } from '#app/imports/plan.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { serve } from '#app/protocol/server.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { turnOf } from '#main/datasets/turn.ts';
import { DiskSources } from './disk-source.ts';
import { importReaderContract, type ImportReaderContract } from './reader-contract.ts';

type Files = readonly { readonly name: string; readonly path: string }[];

function handlers(): Handlers<ImportReaderContract> {
  const disk = new DiskSources();
  let known: { readonly by: string; readonly candidates: readonly Candidate[] } | null = null;

  /** What files hold, read anew only if they are others. */
  const candidatesOf = async (files: Files, signal: AbortSignal): Promise<readonly Candidate[]> => {
    const by = JSON.stringify(files);
    if (known?.by === by) return known.candidates;
    const turn = turnOf(signal);
    const opened: ArrayFile[] = [];
    for (const { name, path } of files) {
      opened.push(await openArrays(await disk.source(name, path), turn));
      await turn();
    }
    known = { by, candidates: catalogueOf(opened) };
    return known.candidates;
  };

  return {
    inspect: async ({ files, mapping }, { signal }) => inspect(await candidatesOf(files, signal), mapping, turnOf(signal)),
    async *collect({ files, mapping }, { signal }) {
      const turn = turnOf(signal);
      const plan = await planImport(assign(await candidatesOf(files, signal), mapping), mapping, turn);
      yield {
        plan: {
          modulus: plan.modulus,
          embeddingWidth: plan.width,
          spacing: plan.spacing,
          firstStep: plan.steps[0]!,
          lastStep: plan.steps.at(-1)!,
          embedding: plan.embedding.key,
          weights: plan.weights.map(({ key }) => key),
          curves: plan.curves.map(({ role }) => role),
        },
        batch: null,
      };
      for await (const batch of collect(plan, turn)) yield { plan: null, batch };
    },
    alive: () => ({}),
  };
}

serve(portWire(workerData as EventPort), importReaderContract, handlers());
