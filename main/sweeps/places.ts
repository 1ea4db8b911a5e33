/** Where sweeps can be trained: one entry a kind. */
import type { SweepPlace, SweepPlaceInfo } from '#app/protocol/sweep.ts';
import type { SweepBackend } from './backend.ts';
import { LocalSweepBackend } from './local.ts';
import type { PlaceKind, PlaceParts } from './place-kind.ts';
import { redisKind } from './redis/place.ts';
import { slurmKind } from './slurm/place.ts';

type Kinds = { readonly [K in SweepPlace['kind']]: PlaceKind<Extract<SweepPlace, { readonly kind: K }>> };

const local: PlaceKind<Extract<SweepPlace, { kind: 'local' }>> = {
  open: (_place, { pool, ...options }) => new LocalSweepBackend(pool, options),
  describe: ({ pool }) => ({
    kind: 'local',
    label: 'This machine',
    state: 'ready',
    why: `${pool.size === 1 ? 'One trial trains' : `${pool.size} trials train`} at a time, behind whatever you watch.`,
  }),
};

const kinds: Kinds = { local, slurm: slurmKind, redis: redisKind };

/** Which entry fits which place, the table has checked. */
const kindOf = (place: SweepPlace): PlaceKind => kinds[place.kind] as PlaceKind;

/** A backend for one sweep. */
export const openPlace = (place: SweepPlace, parts: PlaceParts): SweepBackend => kindOf(place).open(place, parts);

/** The place as the sweep's record has it. */
export const storedPlace = (place: SweepPlace): SweepPlace => kindOf(place).stored?.(place) ?? place;

/** Every kind, as 'sweeps.places' answers. */
export const describePlaces = (parts: PlaceParts, redis?: string): Promise<SweepPlaceInfo[]> =>
  Promise.all(Object.values(kinds).map((kind) => kind.describe(parts, redis)));
