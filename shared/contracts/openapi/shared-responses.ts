import type { Paths, Response } from './document.ts';

const NAMES: Readonly<Record<string, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'Unavailable',
};

/**
 * The problems that most operations have, each once under a name; operations that have exactly these refer to them. Changes
 * `paths`.
 */
export function shareResponses(paths: Paths): Record<string, Response> {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  const shared: Record<string, Response> = {};
  for (const [status, name] of Object.entries(NAMES)) {
    const texts = operations.flatMap(({ responses }) => (responses[status] ? [JSON.stringify(responses[status])] : []));
    const common = mostFrequent(texts);
    if (common === undefined) continue;
    shared[name] = JSON.parse(common) as Response;
    for (const { responses } of operations) {
      if (JSON.stringify(responses[status]) === common) responses[status] = { $ref: `#/components/responses/${name}` };
    }
  }
  return shared;
}

/** undefined where each stands there once. */
function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] > 1 ? first[0] : undefined;
}
