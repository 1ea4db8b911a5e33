import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Engines } from './engines.ts';
import type { Priority } from './queue.ts';
import { Scheduler, type Job, type Slot } from './scheduler.ts';

const noEngine = (): never => {
  throw new Error('nothing trains here');
};

class TestJob implements Job {
  readonly sequence: number;
  begun = false;
  home: Slot | null = null;
  leaving = false;
  slot: Slot | null = null;
  readonly name: string;
  priority: Priority;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler, name: string, priority: Priority) {
    this.#scheduler = scheduler;
    this.name = name;
    this.priority = priority;
    this.sequence = scheduler.arrival();
  }

  begin(slot: Slot): void {
    expect(slot.holder).toBe(this);
    expect(this.slot).toBeNull();
    this.slot = slot;
    this.begun = true;
  }

  giveWay(): void {
    this.leaving = true;
  }

  /** What an engine does some time after `giveWay`. */
  left(): void {
    const slot = this.slot;
    this.leaving = false;
    this.slot = null;
    this.home = null;
    if (slot) this.#scheduler.release(slot, this);
    this.#scheduler.enqueue(this);
  }

  /** Paused: its engine keeps it, its slot does not. */
  park(): void {
    const slot = this.slot!;
    this.home = slot;
    this.slot = null;
    this.#scheduler.release(slot, this);
  }

  end(): void {
    const slot = this.slot!;
    this.slot = null;
    this.#scheduler.release(slot, this);
  }
}

function open(size: number): { scheduler: Scheduler; slots: Slot[]; job: (name: string, priority: Priority) => TestJob } {
  const slots = Array.from({ length: size }, (_, number): Slot => ({ number, engines: new Engines(noEngine), holder: null }));
  const scheduler = new Scheduler(slots);
  return {
    scheduler,
    slots,
    job: (name, priority) => {
      const made = new TestJob(scheduler, name, priority);
      scheduler.enqueue(made);
      return made;
    },
  };
}

it('lets a watched run have the slot of background work, which goes on afterwards before what never began', () => {
  const { scheduler, job } = open(1);
  const claim = job('claim', 'background');
  const started = job('started', 'started');
  const other = job('other claim', 'background');
  expect(claim.slot).not.toBeNull();
  expect(claim.leaving).toBe(false);
  started.priority = 'watched';
  scheduler.schedule();
  expect(claim.leaving).toBe(true);
  claim.left();
  expect(started.slot).not.toBeNull();
  const late = job('late', 'started');
  started.end();
  expect(claim.slot).not.toBeNull();
  claim.end();
  expect(late.slot).not.toBeNull();
  late.end();
  expect(other.slot).not.toBeNull();
});

it('takes a slot from background work once for each watched run, and from nothing else', () => {
  const { scheduler, job } = open(3);
  const [one, two, mine] = [job('one', 'background'), job('two', 'background'), job('mine', 'started')];
  const watched = job('watched', 'watched');
  expect([one, two, mine].map(({ leaving }) => leaving)).toEqual([false, true, false]);
  scheduler.schedule();
  expect(one.leaving).toBe(false);
  const second = job('second', 'watched');
  const third = job('third', 'watched');
  expect([one, two, mine].map(({ leaving }) => leaving)).toEqual([true, true, false]);
  two.left();
  one.left();
  expect([watched, second, third].map(({ slot }) => slot !== null)).toEqual([true, true, false]);
});

it('moves a run that was paused where another trains now to a slot that is free', () => {
  const { scheduler, slots, job } = open(2);
  const [a, b] = [job('a', 'started'), job('b', 'started')];
  a.park();
  const c = job('c', 'started');
  expect(c.slot).toBe(slots[0]);
  scheduler.enqueue(a);
  expect(a.leaving).toBe(false);
  b.end();
  expect(a.leaving).toBe(true);
  a.left();
  expect(a.slot).toBe(slots[1]);
});

it('never leaves a slot empty while something waits, and never gives one to two', () => {
  const step = fc.record({
    act: fc.constantFrom('add', 'end', 'leave', 'watch', 'park', 'resume'),
    which: fc.nat(20),
    priority: fc.constantFrom<Priority[]>('watched', 'started', 'background'),
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 40 }), (size, steps) => {
      const { scheduler, slots, job } = open(size);
      let jobs: TestJob[] = [];
      const parked = new Set<TestJob>();
      for (const { act, which, priority } of steps) {
        const chosen = jobs[which % Math.max(1, jobs.length)];
        if (act === 'add') jobs.push(job('job', priority));
        else if (!chosen) continue;
        else if (act === 'end' && chosen.slot) {
          jobs = jobs.filter((other) => other !== chosen);
          chosen.end();
        } else if (act === 'leave' && chosen.leaving) chosen.left();
        else if (act === 'park' && chosen.slot && !chosen.leaving) {
          parked.add(chosen);
          chosen.park();
        } else if (act === 'resume' && parked.delete(chosen)) scheduler.enqueue(chosen);
        else if (act === 'watch') {
          chosen.priority = priority;
          scheduler.schedule();
        }
        const held = jobs.filter(({ slot }) => slot !== null);
        expect(new Set(held.map(({ slot }) => slot)).size).toBe(held.length);
        expect(slots.filter(({ holder }) => holder !== null).length).toBe(held.length);
        const waiting = jobs.filter((one) => !one.slot && !parked.has(one) && !one.leaving);
        if (waiting.some(({ home }) => home === null)) expect(held.length).toBe(size);
        const best = Math.min(
          ...waiting.filter(({ home }) => home === null).map(({ priority: p }) => ['watched', 'started', 'background'].indexOf(p)),
        );
        // Somebody gives way as long as a watched run waits and background work trains.
        if (best === 0) expect(held.some((one) => one.leaving || one.priority !== 'background')).toBe(true);
      }
    }),
  );
});
