import type { Engines } from './engines.ts';
import { compareTurns, giverOfWay, type Turn } from './queue.ts';

/** A place where one job trains at a time. */
export interface Slot {
  /** From 0. */
  readonly number: number;
  readonly engines: Engines;
  holder: Job | null;
}

/** Something that wants a slot. */
export interface Job extends Turn {
  /** The slot whose engine keeps the job in its memory; null if it can begin in any. */
  readonly home: Slot | null;
  /** True from being asked to give way until it has. */
  readonly leaving: boolean;
  /** Takes a slot; it is the slot's holder already. */
  begin(slot: Slot): void;
  /** Leaves its engine soon, with all it has, and waits anew. */
  giveWay(): void;
}

/** Gives slots to jobs in the order of their turns. What is watched makes background work give way. */
export class Scheduler {
  readonly #slots: readonly Slot[];
  readonly #waiting = new Set<Job>();
  #arrivals = 0;
  #closed = false;

  constructor(slots: readonly Slot[]) {
    this.#slots = slots;
  }

  get size(): number {
    return this.#slots.length;
  }

  /** Place in the order of arrival for a new job. */
  arrival(): number {
    return this.#arrivals++;
  }

  enqueue(job: Job): void {
    this.#waiting.add(job);
    this.schedule();
  }

  dequeue(job: Job): void {
    this.#waiting.delete(job);
  }

  /** The job holds the slot no longer, if it did. */
  release(slot: Slot, job: Job): void {
    if (slot.holder === job) slot.holder = null;
    this.schedule();
  }

  close(): void {
    this.#closed = true;
  }

  /** Gives what is free to who is next; to be called when a priority changed. */
  schedule(): void {
    if (this.#closed) return;
    let unserved = 0;
    for (const job of [...this.#waiting].sort(compareTurns)) {
      const free = this.#slots.find(({ holder }) => holder === null);
      const slot = job.home ? (job.home.holder === null ? job.home : null) : free;
      if (slot) {
        this.#waiting.delete(job);
        slot.holder = job;
        job.begin(slot);
      } else if (job.home && free) {
        // Another trains where this one was paused: it moves to the slot that is free.
        this.#waiting.delete(job);
        job.giveWay();
      } else if (job.priority === 'watched') {
        unserved++;
      }
    }
    const active = this.#slots.flatMap(({ holder }) => holder ?? []);
    for (let asked = active.filter(({ leaving }) => leaving).length; asked < unserved; asked++) {
      const giver = giverOfWay(active.filter(({ leaving }) => !leaving));
      if (!giver) return;
      giver.giveWay();
      // One that is about to leave anyway does not answer; asking it again would not help.
      if (!giver.leaving) return;
    }
  }
}
