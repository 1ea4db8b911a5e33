import type { Picture } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { pca } from '#app/circles/pictures/pca.ts';
import { rings } from '#app/circles/pictures/rings.ts';

/** 3D pictures of the experiment. */
export const survivalPictures: readonly Picture<SurvivalParameters>[] = [rings, pca];
