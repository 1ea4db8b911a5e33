import { phaseClaims } from './phases.ts';
import { representationClaims } from './representation.ts';
import { theoryClaims } from './theory.ts';
import type { EffectiveTheoryClaim } from './evidence.ts';

/** Claims in the order of the paper's argument: what the theory implies, what networks do, and in which phases they end. */
export const effectiveTheoryClaims: readonly EffectiveTheoryClaim[] = [...theoryClaims, ...representationClaims, ...phaseClaims];
