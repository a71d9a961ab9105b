import * as z from 'zod';
import { ERROR_CODES, type ErrorCode, FIELD_CODES, type FieldCode, type HttpErrorCode } from './error-codes.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];

/** One fault of a request. `pointer` is a JSON pointer (RFC 6901) into the body; '' means the whole of it. */
export const fieldErrorSchema = z.strictObject({
  pointer: z.string(),
  code: z.enum([...FIELD_CODES, ...codes]),
  detail: z.string(),
});
export interface FieldError {
  pointer: string;
  code: FieldCode | ErrorCode;
  /** Never repeats a number or a text. */
  detail: string;
}

/** An error answer, `application/problem+json` (RFC 9457). */
export const problemSchema = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.enum(codes),
  request_id: z.string(),
  retryable: z.boolean(),
  errors: z.array(fieldErrorSchema).optional(),
});
export type Problem = z.output<typeof problemSchema>;

export interface ProblemDetails {
  code: HttpErrorCode;
  detail: string;
  errors?: FieldError[];
}

/** Where a code is explained, relative to the API's own address (RFC 9457 section 3.1.1 allows that). */
export function documentationOf(code: ErrorCode): string {
  return `/docs/errors#${code}`;
}

/** @param at the request that it answers: its path and its id */
export function presentProblem(
  { code, detail, errors }: ProblemDetails,
  at: { path: string; requestId: string },
): Problem {
  const { title, status, retryable } = ERROR_CODES[code];
  return {
    type: documentationOf(code),
    title,
    status,
    detail,
    instance: at.path,
    code,
    request_id: at.requestId,
    retryable,
    ...(errors === undefined ? {} : { errors }),
  };
}
