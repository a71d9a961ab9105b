import * as z from 'zod';
import { OPT_OUT_SCOPES, OPT_OUT_SOURCES, type OptOut } from '../domain/opt-out.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { isoTime } from './message.ts';
import { cursorParameter, limitParameter } from './message-list.ts';
import { pageSchema } from './page.ts';

const time = z.iso.datetime({ precision: 3 });
/** In any form in which a number may be written. */
const writtenNumber = z.string().min(1).max(40);
/** Whose opt-outs; without it, those of the account through which the key sends. */
const account = z.string().min(1).max(31).optional();
const scope = z.enum(OPT_OUT_SCOPES).default('all');

/** The body of `POST /v1/opt-outs`. */
export const optOutRequestSchema = z.strictObject({ number: writtenNumber, scope, account });

const MOST_IMPORTED = 1_000;

/** The body of `POST /v1/opt-outs/import`: one scope for all of its numbers. */
export const optOutImportSchema = z.strictObject({
  numbers: z.array(z.string().max(40)).min(1).max(MOST_IMPORTED),
  scope,
  account,
});

/** The query of `DELETE /v1/opt-outs/{number}`. */
export const optOutRemovalQuerySchema = z.strictObject({ account });

/** The query of `GET /v1/opt-outs`, whose order is that of the numbers. */
export const optOutListQuerySchema = z.strictObject({ limit: limitParameter, cursor: cursorParameter, account });

/** The query of `GET /v1/opt-outs/export`. */
export const optOutExportQuerySchema = z.strictObject({ cursor: cursorParameter, account });

/** An opt-out as the API shows it. */
export const optOutSchema = z.strictObject({
  /** E.164. */
  number: z.string(),
  scope: z.enum(OPT_OUT_SCOPES),
  account: z.string(),
  source: z.enum(OPT_OUT_SOURCES),
  created_at: time,
  updated_at: time,
});
export type ApiOptOut = z.output<typeof optOutSchema>;

/** A page of `GET /v1/opt-outs`. */
export const optOutPageSchema = pageSchema(optOutSchema);

/** What became of one number of an import, by its place in the request. */
const importedOptOutSchema = z.discriminatedUnion('status', [
  z.strictObject({ index: z.int(), status: z.literal('added'), number: z.string(), scope: z.enum(OPT_OUT_SCOPES) }),
  /** It stood there already; `scope` is the wider of both. */
  z.strictObject({ index: z.int(), status: z.literal('known'), number: z.string(), scope: z.enum(OPT_OUT_SCOPES) }),
  z.strictObject({
    index: z.int(),
    status: z.literal('refused'),
    code: z.enum(Object.keys(ERROR_CODES) as ErrorCode[]),
    detail: z.string(),
  }),
]);
export type ImportedOptOut = z.output<typeof importedOptOutSchema>;

/** The answer to `POST /v1/opt-outs/import`. */
export const optOutImportResultSchema = z.strictObject({
  added: z.int(),
  known: z.int(),
  refused: z.int(),
  data: z.array(importedOptOutSchema),
});

export function presentOptOut({ number, scope, account, source, createdAt, updatedAt }: OptOut): ApiOptOut {
  return { number, scope, account, source, created_at: isoTime(createdAt), updated_at: isoTime(updatedAt) };
}
