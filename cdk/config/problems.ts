import * as z from 'zod';

/** What a key may be instead, and that a value is missing, said more clearly than by zod; the rest is zod's own wording. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') {
    const allowed = issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape) : [];
    const unknown = issue.keys.map((key) => `"${key}"`).join(', ');
    return `unknown ${unknown}; allowed here: ${allowed.join(', ')}`;
  }
  if (issue.code === 'invalid_key') return issue.issues[0]?.message;
  return issue.input === undefined ? 'is missing' : undefined;
}

/**
 * Parses `value`, and on failure says all that is wrong in lines `path: what is allowed`.
 * No value is printed: one may be a password in the wrong place.
 */
export function parseWithProblems<T extends z.ZodType>(
  schema: T,
  value: unknown,
  at: readonly PropertyKey[] = [],
): { data: z.output<T> | undefined; problems: string[] } {
  const { data, error } = schema.safeParse(value, { error: wording });
  const problems = (error?.issues ?? []).map((issue) => {
    const path = [...at, ...issue.path].join('.');
    return `${path === '' ? '(top)' : path}: ${issue.message}`;
  });
  return { data, problems };
}
