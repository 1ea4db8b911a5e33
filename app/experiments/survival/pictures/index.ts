import type { Picture } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { pca } from './pca.ts';
import { rings } from './rings.ts';

/** 3D pictures of the experiment. */
export const survivalPictures: readonly Picture<SurvivalParameters>[] = [rings, pca];
