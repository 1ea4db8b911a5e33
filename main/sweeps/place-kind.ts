/** What every kind of place has to offer. */
import type { SweepPlace, SweepPlaceInfo } from '#app/protocol/sweep.ts';
import type { Pool } from '#main/workers/pool.ts';
import type { SweepBackend } from './backend.ts';
import type { LocalOptions } from './local.ts';

/** What places may use of the service. */
export interface PlaceParts extends Required<Pick<LocalOptions, 'bytesPerRun' | 'keepRun'>> {
  readonly pool: Pool;
}

export interface PlaceKind<P extends SweepPlace = SweepPlace> {
  /** A backend for one sweep; nothing is reached before its `check`. */
  open(place: P, parts: PlaceParts): SweepBackend;
  /** Whether it can be used here, and why not. @param redis an address that somebody wants to try, with its password */
  describe(parts: PlaceParts, redis: string | undefined): Promise<SweepPlaceInfo> | SweepPlaceInfo;
  /** The place as it is written to disk: without secrets. The same unless told. */
  stored?(place: P): P;
}
