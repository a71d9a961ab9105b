/** How a caller stands against one of its limits. */
export interface LimitState {
  name: string;
  limit: number;
  windowSeconds: number;
  left: number;
  /** Until the window ends. */
  resetsInSeconds: number;
  /** What is counted; without it, requests. */
  unit?: 'segments';
}

/** `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: lists of strings with parameters (RFC 9651). */
export function limitHeaders(states: readonly LimitState[]): Record<string, string> {
  if (states.length === 0) return {};
  const policies = states.map(({ name, limit, windowSeconds, unit }) =>
    [`"${name}"`, `q=${limit}`, `w=${windowSeconds}`, ...(unit === undefined ? [] : [`qu="${unit}"`])].join(';'),
  );
  const limits = states.map(({ name, left, resetsInSeconds }) => `"${name}";r=${left};t=${resetsInSeconds}`);
  return { 'ratelimit-policy': policies.join(', '), ratelimit: limits.join(', ') };
}
