import type { Claim } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { initialSignalClaims } from './initial-signals.ts';
import { interventionClaims } from './interventions.ts';
import { linearLawClaims } from './linear-law.ts';

/** Claims in the order of the paper's argument: who wins, by which law, and what interventions show. */
export const survivalClaims: readonly Claim<SurvivalParameters>[] = [...initialSignalClaims, ...linearLawClaims, ...interventionClaims];
