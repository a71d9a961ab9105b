import {
  type ImportedOptOut,
  optOutExportQuerySchema,
  optOutImportSchema,
  presentOptOut,
} from '../../shared/contracts/opt-out.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import type { OptOut } from '../../shared/domain/opt-out.ts';
import { normalizeNumber } from '../../shared/domain/phone-number.ts';
import { accountOf } from '../middleware/account-of.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody, parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import type { OptOutDependencies } from './opt-outs.ts';

/** Calls of the table that one import makes at a time. */
const CONCURRENT = 25;
/** Rows of one export: far below the 6 MB that a function may answer, and read within a second. */
const MOST_EXPORTED = 10_000;

/** `POST /v1/opt-outs/import`: each number is taken or refused by itself, and may come again. */
export async function importOptOuts(
  { caller, body, signal }: HttpCall,
  { optOuts, accounts, now }: OptOutDependencies,
): Promise<HttpAnswer> {
  const { numbers, scope, account: asked } = parseBody(optOutImportSchema, body);
  const account = accountOf(asked, caller, accounts).name;
  const at = now();
  const data: ImportedOptOut[] = [];
  const add = async (index: number, written: string): Promise<ImportedOptOut> => {
    const number = normalizeNumber(written);
    if (number.kind === 'refused') return { index, status: 'refused', code: number.code, detail: number.detail };
    const { optOut, isNew } = await optOuts.add({ account, number: number.e164, scope, source: 'import' }, at);
    return { index, status: isNew ? 'added' : 'known', number: optOut.number, scope: optOut.scope };
  };
  const left = numbers.entries();
  const worker = async () => {
    for (const [index, written] of left) {
      signal.throwIfAborted();
      data[index] = await add(index, written);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  const count = (status: ImportedOptOut['status']) => data.filter((each) => each.status === status).length;
  return { status: 200, body: { added: count('added'), known: count('known'), refused: count('refused'), data } };
}

/** `GET /v1/opt-outs/export`: CSV. Where there is more, the header `next-cursor` says where to go on. */
export async function exportOptOuts(
  { caller, query }: HttpCall,
  { optOuts, accounts, cursorKey }: OptOutDependencies,
): Promise<HttpAnswer> {
  const { cursor, account: asked } = parseQuery(optOutExportQuerySchema, query);
  const account = accountOf(asked, caller, accounts).name;
  const binding = { key: await cursorKey(), list: 'opt-outs export', filters: { account } };
  const page = await optOuts.list(account, { limit: MOST_EXPORTED, after: positionIn(cursor, binding) });
  const headers: Record<string, string> =
    page.position === undefined ? {} : { 'next-cursor': signCursor(page.position, binding) };
  return { status: 200, headers, csv: csvOf(page.optOuts) };
}

const COLUMNS = ['number', 'scope', 'source', 'created_at', 'updated_at'] as const;

/** No value has a comma or a quote in it (RFC 4180). */
function csvOf(optOuts: readonly OptOut[]): string {
  const rows = optOuts.map(presentOptOut).map((row) => COLUMNS.map((column) => row[column]).join(','));
  return [COLUMNS.join(','), ...rows, ''].join('\r\n');
}
