import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { referenceBackend, wasmBackend, type Backend, type PassName, type Precision, type Session } from '../index.ts';
import { buildNetwork, initialise, networkPlans, widePlans, type NetworkPlan } from '../random-graph.ts';
import { expectClose } from '../testing.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const backends: readonly Backend[] = [referenceBackend(), wasm];
const names = ['constants', 'repeats', 'duplicates', 'tables', 'columns', 'fusion', 'inPlace'] as const satisfies readonly PassName[];

const plans = fc.oneof(networkPlans, widePlans);

/** Switches with only the named passes on. */
function only(...on: readonly PassName[]): Record<PassName, boolean> {
  return Object.fromEntries(names.map((name) => [name, on.includes(name)])) as Record<PassName, boolean>;
}

function open(backend: Backend, plan: NetworkPlan, precision: Precision, passes: Record<PassName, boolean>): Session {
  const session = backend.open(buildNetwork(plan, precision, passes));
  initialise(session, plan);
  return session;
}

const cases = backends.flatMap((backend) => [...names.map((name) => ({ backend, on: [name] })), { backend, on: [...names] }]);

describe('a program computes with passes what it computes without', () => {
  test.each(cases.map(({ backend, on }) => ({ backend, on, name: backend.name, passes: on.join(' + ') })))(
    '$passes on $name',
    ({ backend, on }) => {
      let applied = 0;
      fc.assert(
        fc.property(plans, (plan) => {
          const [plain, passed] = [only(), only(...on)].map((passes) => open(backend, plan, 'f64', passes));
          applied += passed.info.passes.length;
          for (const session of [plain, passed]) session.run(1);
          const [expected, actual] = [plain, passed].map((session) => session.trainOutputs());
          for (const output of Object.keys(expected)) expectClose([actual[output]], [expected[output]], 1e-12, output);
          for (const { name, trainable } of plain.info.parameters) {
            if (trainable) expectClose(passed.read(`gradient/${name}`), plain.read(`gradient/${name}`), 1e-12, `gradient of ${name}`);
          }
          for (const session of [plain, passed]) session.run(4);
          // What diverges has no digits left to compare.
          fc.pre(Number.isFinite(plain.evaluate('now').loss));
          for (const { name } of plain.info.parameters) expectClose(passed.read(name), plain.read(name), 1e-10, name);
          expectClose([passed.evaluate('now').loss], [plain.evaluate('now').loss], 1e-10, 'loss of the evaluation');
        }),
        { numRuns: 150 },
      );
      if (on.some((name) => !['fusion', 'inPlace'].includes(name))) expect(applied).toBeGreaterThan(0);
    },
  );
});

test.each([
  ['inPlace', 'f32'],
  ['inPlace', 'f64'],
  ['constants', 'f32'],
  ['constants', 'f64'],
] as const)('%s changes no bit, %s', (name, precision) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const [plain, passed] = [only('fusion'), only('fusion', name)].map((passes) => open(wasm, plan, precision, passes));
      for (const session of [plain, passed]) session.run(5);
      expect(passed.trainOutputs()).toEqual(plain.trainOutputs());
      expect(passed.evaluate('now')).toEqual(plain.evaluate('now'));
      expect(passed.checkpoint()).toEqual(plain.checkpoint());
    }),
    { numRuns: 100 },
  );
});
