/** Results of several test runners, added up. */

/** @typedef {{ name: string, passed: number, failed: number, note?: string }} Result */

/**
 * From Vitest's JSON report.
 * @param {string} name
 * @param {{ numPassedTests: number, numFailedTests: number, numFailedTestSuites: number } | null} report Null when it wrote none.
 * @param {number} code Its exit code; a failure that no test accounts for (a file that does not load) counts as one.
 * @returns {Result}
 */
export function fromVitest(name, report, code) {
  return atLeastOneFailure({ name, passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 }, code);
}

/**
 * From Playwright's JSON report. A test that passed only when tried again counts as failed.
 * @param {string} name
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number } } | null} report
 * @param {number} code
 * @returns {Result}
 */
export function fromPlaywright(name, report, code) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {};
  return atLeastOneFailure({ name, passed: expected, failed: unexpected + flaky + skipped }, code);
}

/**
 * From a program that only says yes or no.
 * @param {string} name
 * @param {number} code
 * @returns {Result}
 */
export const fromExitCode = (name, code) => ({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });

/** @param {Result} result @param {number} code @returns {Result} */
function atLeastOneFailure(result, code) {
  if (code !== 0 && result.failed === 0) return { ...result, failed: 1, note: `ended with exit code ${code}` };
  // A runner that found nothing to run has shown nothing.
  if (result.passed + result.failed === 0) return { ...result, failed: 1, note: 'ran no tests' };
  return result;
}

/**
 * Something that tests need and that cannot be had.
 * @param {string} name What is not tested.
 * @param {string} need `electron`, `chromium`, `tensorflow`, `slurm` or `redis`
 * @param {string | undefined} allowed LOTKA_ALLOW_MISSING: names of needs, separated by commas.
 * @param {string} [reason]
 * @returns {Result}
 */
export function missing(name, need, allowed, reason = `${need} cannot be had here`) {
  const excused = (allowed ?? '').split(',').some((other) => other.trim() === need);
  return { name, passed: 0, failed: excused ? 0 : 1, note: excused ? 'not run, as LOTKA_ALLOW_MISSING allows' : reason };
}

/**
 * @param {readonly Result[]} results
 * @returns {{ lines: string[], failed: number }} The table, its last line being `N passed, N failed`.
 */
export function summary(results) {
  const width = Math.max(0, ...results.map(({ name }) => name.length));
  const sum = (/** @type {'passed' | 'failed'} */ key) => results.reduce((total, result) => total + result[key], 0);
  const row = (/** @type {Result} */ { name, passed, failed, note }) =>
    `  ${name.padEnd(width)}  ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed${note ? `  (${note})` : ''}`;
  return { lines: [...results.map(row), `${sum('passed')} passed, ${sum('failed')} failed`], failed: sum('failed') };
}
