const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When each attempt is due, milliseconds after the first. */
const ATTEMPTS_AT = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** An attempt is late by up to this share of its wait, so that the endpoints of a fault do not all come back at once. */
const JITTER = 0.1;

/**
 * When the attempt after number `attempt` is due, epoch milliseconds; undefined after the last.
 * @param random from 0 to 1
 */
export function nextAttemptAt(firstAt: number, attempt: number, random: number): number | undefined {
  const after = ATTEMPTS_AT[attempt];
  const before = ATTEMPTS_AT[attempt - 1];
  if (after === undefined || before === undefined) return undefined;
  return Math.round(firstAt + after + random * JITTER * (after - before));
}
