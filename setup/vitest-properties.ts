/**
 * Property tests draw the same cases every time, so that a commit passes or fails for what is in it. To look further:
 * `LOTKA_PROPERTIES=20` draws twenty times as many, from a seed that is never the same and stands in the report of a failure.
 */
import fc from 'fast-check';

const times = Number(process.env.LOTKA_PROPERTIES ?? 0);
fc.configureGlobal(times > 0 ? { numRuns: 100 * times, seed: Date.now() } : { seed: 1 });
