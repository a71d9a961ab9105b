import type * as z from 'zod';
import type { ApiAccount } from '../../shared/config/environment.ts';
import { type ApiUsage, presentUsage, type usageListSchema } from '../../shared/contracts/usage.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { periodOf } from '../../shared/domain/period.ts';
import { accountsInReach } from '../../shared/domain/reach.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';

export interface UsageDependencies {
  usage: Pick<UsageStore, 'read'>;
  keyStore: Pick<KeyStore, 'list'>;
  accounts: readonly ApiAccount[];
  /** Epoch milliseconds. */
  now: () => number;
}

/** Reads at a time. */
const CONCURRENT = 20;

/** `GET /v1/usage`: the accounts in reach of a key, and the key itself; with the scope `admin` all keys. */
export async function listUsage(
  caller: ApiKey,
  dependencies: UsageDependencies,
): Promise<z.output<typeof usageListSchema>> {
  const accounts = accountsInReach(caller, dependencies.accounts);
  const keys = (mayUse(caller, 'admin') ? await dependencies.keyStore.list() : [caller]).filter(isInUse);
  const wanted = accounts.flatMap((account) => [
    { account, key: undefined },
    // A key sends through the first account of those in its reach.
    ...keys.filter((key) => accountsInReach(key, accounts)[0] === account).map((key) => ({ account, key })),
  ]);
  const data: ApiUsage[] = [];
  for (let start = 0; start < wanted.length; start += CONCURRENT) {
    const some = wanted.slice(start, start + CONCURRENT);
    data.push(...(await Promise.all(some.map(async ({ account, key }) => await usageOf(account, key, dependencies)))));
  }
  return { data, has_more: false, next_cursor: null };
}

async function usageOf(
  account: ApiAccount,
  key: ApiKey | undefined,
  { usage, now }: UsageDependencies,
): Promise<ApiUsage> {
  const at = now();
  const counter = { account: account.name, ...(key === undefined ? {} : { keyId: key.keyId }) };
  const { segmentsPerDay: perDay, segmentsPerMonth: perMonth } = key === undefined ? account : (key.quota ?? {});
  const used = await usage.read(counter, periodOf(at, account.timeZone));
  return presentUsage({ account, keyId: key?.keyId ?? null, used, limits: { perDay, perMonth } }, at);
}

function isInUse({ revokedAt }: ApiKey): boolean {
  return revokedAt === undefined;
}
