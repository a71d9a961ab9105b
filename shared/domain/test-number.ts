/** Numbers that exist for test keys only: what becomes of a message to them is listed in binder/simulator/test-numbers.ts. */
const TEST_NUMBER = /^\+6390055500\d{2}$/;

/** @param e164 as `normalizeNumber` gives it */
export function isTestNumber(e164: string): boolean {
  return TEST_NUMBER.test(e164);
}
