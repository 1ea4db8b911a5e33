const windowMilliseconds = 60_000;
const delays = [100, 500, 2_000, 5_000];

/**
 * How long to wait before the service is started again.
 * @param deaths Times of its deaths so far, the newest last, in milliseconds.
 * @param now Same clock.
 * @returns Milliseconds; null when it died too often within a minute to try again unasked.
 */
export function restartDelay(deaths: readonly number[], now: number): number | null {
  const lately = deaths.filter((time) => now - time < windowMilliseconds).length;
  return delays[Math.max(lately, 1) - 1] ?? null;
}
