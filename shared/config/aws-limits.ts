/** How long calls of AWS may take, milliseconds an attempt. A client without such limits waits for minutes on a dead connection. */
export interface AwsLimits {
  maxAttempts: number;
  connectionTimeoutMs: number;
  requestTimeoutMs: number;
}

/** For functions that a caller waits for: three attempts fit into the ten seconds that such a function has. */
export const WHILE_A_CALLER_WAITS: AwsLimits = { maxAttempts: 3, connectionTimeoutMs: 1_000, requestTimeoutMs: 2_000 };
/** For everything else. */
export const IN_THE_BACKGROUND: AwsLimits = { maxAttempts: 4, connectionTimeoutMs: 2_000, requestTimeoutMs: 5_000 };

/** Limits as every client of the SDK takes them. */
export function clientLimits({ maxAttempts, connectionTimeoutMs, requestTimeoutMs }: AwsLimits) {
  return {
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      // Without it the SDK logs a warning and goes on waiting.
      throwOnRequestTimeout: true,
    },
  };
}
