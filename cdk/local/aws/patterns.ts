/** A compiled event pattern (EventBridge rule) or filter criteria pattern (Lambda event source mapping). */
export type Matcher = (event: unknown) => boolean;

/** Thrown when a pattern is compiled, never when it is matched. */
export class PatternError extends Error {
  readonly code = 'InvalidEventPattern';
}
