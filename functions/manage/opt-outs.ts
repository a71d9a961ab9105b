import type { ApiAccount } from '../../shared/config/environment.ts';
import {
  optOutListQuerySchema,
  optOutRemovalQuerySchema,
  optOutRequestSchema,
  presentOptOut,
} from '../../shared/contracts/opt-out.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import type { OptOutStore } from '../../shared/store/control-opt-outs.ts';
import { accountOf } from '../middleware/account-of.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody, parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { Refusal } from '../middleware/refusal.ts';
import { writtenNumber } from '../middleware/written-number.ts';

export interface OptOutDependencies {
  optOuts: Pick<OptOutStore, 'add' | 'remove' | 'list'>;
  accounts: readonly Pick<ApiAccount, 'name' | 'simulated'>[];
  /** The secret that signs cursors. */
  cursorKey: () => Promise<string>;
  now: () => number;
}

/** `POST /v1/opt-outs` */
export async function addOptOut({ caller, body }: HttpCall, dependencies: OptOutDependencies): Promise<HttpAnswer> {
  const request = parseBody(optOutRequestSchema, body);
  const account = accountOf(request.account, caller, dependencies.accounts).name;
  const wish = {
    account,
    number: writtenNumber('/number', request.number),
    scope: request.scope,
    source: 'api' as const,
  };
  const { optOut, isNew } = await dependencies.optOuts.add(wish, dependencies.now());
  return { status: isNew ? 201 : 200, body: presentOptOut(optOut) };
}

/** `DELETE /v1/opt-outs/{number}` */
export async function removeOptOut(
  { caller, parameters, query }: HttpCall,
  { optOuts, accounts }: OptOutDependencies,
): Promise<HttpAnswer> {
  const account = accountOf(parseQuery(optOutRemovalQuerySchema, query).account, caller, accounts).name;
  if (await optOuts.remove(account, writtenNumber('/number', parameters['number'] ?? ''))) return { status: 204 };
  throw new Refusal({ code: 'not_found', detail: 'this number is not opted out' });
}

/** `GET /v1/opt-outs`, in the order of the numbers */
export async function listOptOuts(
  { caller, query }: HttpCall,
  { optOuts, accounts, cursorKey }: OptOutDependencies,
): Promise<HttpAnswer> {
  const { limit, cursor, account: asked } = parseQuery(optOutListQuerySchema, query);
  const account = accountOf(asked, caller, accounts).name;
  const binding = { key: await cursorKey(), list: 'opt-outs', filters: { account } };
  const page = await optOuts.list(account, { limit, after: positionIn(cursor, binding) });
  const next = page.position === undefined ? null : signCursor(page.position, binding);
  return {
    status: 200,
    body: { data: page.optOuts.map(presentOptOut), has_more: next !== null, next_cursor: next },
  };
}
