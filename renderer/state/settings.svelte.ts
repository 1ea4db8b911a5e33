import { z } from 'zod';
import { drawingFields } from '#app/figures/drawing.ts';
import { FilmRequest } from '#app/protocol/film-calls.ts';
import type { Theme } from '#app/figures/spec.ts';
import { Backend } from '#app/protocol/backend.ts';
import { SweepDefinition, SweepPlace } from '#app/protocol/sweep.ts';
import { reread } from '#renderer/connect/reread.ts';
import type { Service } from '#renderer/connect/service.ts';
import { FigureWords } from './figure-words.ts';

export type ThemeChoice = Theme | 'system';
export type MotionChoice = 'system' | 'reduced';

/** Layout of an experiment's side column, as the user left it. */
const SideLayout = z.object({ order: z.array(z.string()), collapsed: z.array(z.string()), heights: z.record(z.string(), z.number()) });
export type SideLayout = z.infer<typeof SideLayout>;

const Stored = z.object({
  theme: z.enum(['light', 'dark', 'system']).catch('system'),
  motion: z.enum(['system', 'reduced']).catch('system'),
  /** What computes a new run; the service reads it too. */
  backend: Backend.catch('wasm'),
  /** Megabytes that one run may take, null for the service's default; the service reads it too. */
  runMemory: z.number().min(16).nullable().catch(null),
  /** Last preset and parameters by experiment. */
  drafts: z.record(z.string(), z.object({ preset: z.string().nullable(), parameters: z.record(z.string(), z.json()) })).catch({}),
  /** Last sweep by experiment. */
  sweepDrafts: z.record(z.string(), z.object({ definition: SweepDefinition, place: SweepPlace })).catch({}),
  /** How figures were exported last. */
  drawing: z.object(drawingFields).omit({ title: true, names: true, xLimits: true, yLimits: true }).nullable().catch(null),
  /** What was written over figures that were exported, by `experiment/figure`. */
  figureWords: z.record(z.string(), FigureWords).catch({}),
  film: FilmRequest.omit({ run: true, shows: true, options: true }).nullable().catch(null),
  /** Share of the figures' column beside the picture, in per cent. */
  sideShare: z.number().min(10).max(70).nullable().catch(null),
  /** Order, folding and heights of the figures by experiment. */
  sides: z.record(z.string(), SideLayout).catch({}),
});
export type StoredSettings = z.infer<typeof Stored>;

const writeDelay = 400;

/** Choices that outlive the window. What cannot be read falls back field by field to its default. */
export class Settings {
  stored = $state.raw<StoredSettings>(Stored.parse({}));
  systemDark = $state(true);
  systemReduced = $state(false);
  #service: Service;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes not yet written; only these are sent, so that no window overwrites what it has not read. */
  #pending: Partial<StoredSettings> = {};
  #onTrouble: (error: unknown) => void;

  constructor(service: Service, onTrouble: (error: unknown) => void) {
    this.#service = service;
    this.#onTrouble = onTrouble;
    this.#track('(prefers-color-scheme: dark)', (matches) => (this.systemDark = matches));
    this.#track('(prefers-reduced-motion: reduce)', (matches) => (this.systemReduced = matches));
  }

  #track(query: string, put: (matches: boolean) => void): void {
    const list = matchMedia(query);
    put(list.matches);
    list.addEventListener('change', (event) => put(event.matches));
  }

  get theme(): Theme {
    return this.stored.theme === 'system' ? (this.systemDark ? 'dark' : 'light') : this.stored.theme;
  }

  get reducedMotion(): boolean {
    return this.stored.motion === 'reduced' || this.systemReduced;
  }

  async load(): Promise<void> {
    const stored = Stored.parse(await reread(() => this.#service.call('settings.read', {})));
    this.stored = { ...stored, ...this.#pending };
  }

  /** Changes some settings now and writes them soon after, so that dragging a divider is one write. */
  change(part: Partial<StoredSettings>): void {
    this.stored = { ...this.stored, ...part };
    this.#pending = { ...this.#pending, ...part };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.write(), writeDelay);
  }

  /** Writes what has changed at once, as when the window closes. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    const changes = this.#pending;
    if (Object.keys(changes).length === 0) return;
    this.#pending = {};
    try {
      await this.#service.call('settings.write', changes);
    } catch (error) {
      this.#pending = { ...changes, ...this.#pending };
      this.#onTrouble(error);
    }
  }
}
