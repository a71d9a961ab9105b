import type * as z from 'zod';
import type { ApiAccount } from '../../shared/config/environment.ts';
import {
  presentSenderUsage,
  type senderUsageListSchema,
  senderUsageQuerySchema,
} from '../../shared/contracts/feedback.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { periodOf } from '../../shared/domain/period.ts';
import { accountsInReach } from '../../shared/domain/reach.ts';
import type { OutcomeStore } from '../../shared/store/control-outcomes.ts';
import { parseQuery } from '../middleware/check.ts';

export interface SenderUsageDependencies {
  outcomes: Pick<OutcomeStore, 'list'>;
  accounts: readonly ApiAccount[];
  /** Epoch milliseconds. */
  now: () => number;
}

/** `GET /v1/usage/senders`: what became of messages, by lane and sender id, in the accounts in reach of a key. */
export async function listSenderUsage(
  query: Record<string, string | undefined>,
  caller: ApiKey,
  { outcomes, accounts, now }: SenderUsageDependencies,
): Promise<z.output<typeof senderUsageListSchema>> {
  const { month, account } = parseQuery(senderUsageQuerySchema, query);
  const seen = accountsInReach(caller, accounts).filter(({ name }) => (account ?? name) === name);
  const lists = seen.map(async ({ name, timeZone }) => outcomes.list(name, month ?? periodOf(now(), timeZone).month));
  return { data: (await Promise.all(lists)).flat().map(presentSenderUsage), has_more: false, next_cursor: null };
}
