import type { OpenApiDocument } from '../../shared/contracts/openapi/document.ts';
import { Refusal } from '../middleware/refusal.ts';

/** What a request without a route of its own is told: whether it is the path that does not exist, or only the method. */
export function unknownRoute(path: string, { paths }: OpenApiDocument): Refusal {
  const methods = Object.entries(paths).flatMap(([pattern, operations]) =>
    matches(pattern, path) ? Object.keys(operations).map((method) => method.toUpperCase()) : [],
  );
  const allowed = [...new Set(methods)].join(', ');
  if (allowed === '') return new Refusal({ code: 'not_found', detail: 'there is no such path; see /docs' });
  return new Refusal({ code: 'method_not_allowed', detail: `this path has ${allowed}` }, { allow: allowed });
}

function matches(pattern: string, path: string): boolean {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  return (
    expected.length === given.length &&
    expected.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  );
}
