import type * as z from 'zod';
import { fieldErrors } from '../../shared/contracts/field-errors.ts';
import { type ApiKey, mayUse, type Scope } from '../../shared/domain/api-key.ts';
import { Refusal } from './refusal.ts';

/** @throws Refusal where the key lacks the scope */
export function requireScope(caller: ApiKey, scope: Scope): void {
  if (!mayUse(caller, scope)) throw new Refusal({ code: 'missing_scope', detail: `it needs the scope ${scope}` });
}

/** The body as its schema reads it. @throws Refusal that names every fault of its shape */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, body);
  const [first] = errors;
  const detail =
    body === undefined
      ? 'there is no body'
      : errors.length === 1 && first
        ? `${first.pointer || 'the body'} ${first.detail}`
        : `${errors.length} fields are wrong`;
  throw new Refusal({ code: 'invalid_request', detail, errors });
}

/** The query string as its schema reads it. A pointer in the refusal names a parameter. @throws Refusal */
export function parseQuery<T extends z.ZodType>(schema: T, query: Record<string, string | undefined>): z.output<T> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, query);
  const [first] = errors;
  const detail =
    errors.length === 1 && first
      ? `the parameter ${first.pointer.slice(1)} ${first.detail}`
      : `${errors.length} parameters are wrong`;
  throw new Refusal({ code: 'invalid_request', detail, errors });
}
