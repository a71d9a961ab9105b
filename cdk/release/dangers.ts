import { isDeepStrictEqual } from 'node:util';
import type { Kept, Release, Settings } from './release.ts';
import { LOSS, OVERWRITING, REPLACING } from './replacing.ts';

/** A change that loses something when it is deployed. */
export interface Danger {
  /** What changes; the words by which it is accepted. */
  change: string;
  /** What becomes of it, and what to do instead. */
  reason: string;
}

const LOWERED: Readonly<Record<string, string>> = {
  messagesDays: 'messages that are accepted from now on are deleted earlier, with their texts and timelines',
  receiptsDays: 'receipts that come later than that find nothing to belong to',
  logsDays: 'CloudWatch deletes what is older at once',
  eventsDays: 'the archive drops what is older, and it cannot be replayed',
};

/** The account whose lane or secret a resource is; all that has its name in it goes and comes with the account. */
function accountOf(id: string, { identity }: Kept, { stack, settings }: Release): string | undefined {
  const { QueueName: name } = identity;
  const queue = typeof name === 'string' ? name.replace(/-dlq$/, '') : '';
  return settings.accounts.find(
    (account) =>
      new RegExp(`^${stack}-${account}-(otp|transactional|bulk)$`).test(queue) ||
      new RegExp(`^Credentials${account.replaceAll('-', '')}[0-9A-F]{8}$`).test(id),
  );
}

function ofSettings(before: Settings, after: Settings): Danger[] {
  const dangers: Danger[] = before.accounts
    .filter((name) => !after.accounts.includes(name))
    .map((name) => ({
      change: `account removed: ${name}`,
      reason:
        'no binder serves it any more, and what waits in its lanes is never sent; its queues and its secret stay behind. ' +
        `Let the lanes run empty first, with its keys deleted (\`npm run cli -- lanes\`)`,
    }));
  for (const [field, days] of Object.entries(before.retention)) {
    const now = after.retention[field];
    if (now === undefined || now >= days) continue;
    dangers.push({
      change: `retention.${field}: ${days} -> ${now}`,
      reason: LOWERED[field] ?? 'what is older is deleted',
    });
  }
  if (!before.disposable && after.disposable) {
    const reason =
      'nothing protects the stack from being deleted, and everything goes with it. Make another stage for trials';
    dangers.push({ change: 'disposable: false -> true', reason });
  }
  // A key of the stack's own would leave it, and is found among the resources.
  if (before.encryption.startsWith('arn:') && before.encryption !== after.encryption) {
    const reason =
      'what waits in the queues was encrypted with the old key, and no program may use that one any more. Let them run empty ' +
      'first (`npm run cli -- lanes`, `npm run cli -- dlq list`), and keep the old key for what is older in logs and backups';
    dangers.push({ change: `encryption: ${before.encryption} -> ${after.encryption}`, reason });
  }
  if (before.eventSource !== after.eventSource) {
    const reason = 'rules of other programs that ask for the old source hear nothing more. Let them ask for both first';
    dangers.push({ change: `eventSource: ${before.eventSource} -> ${after.eventSource}`, reason });
  }
  return dangers;
}

function ofIndexes(id: string, before: Kept, after: Kept): Danger[] {
  const [old = {}, now = {}] = [before.indexes, after.indexes];
  const gone = Object.keys(old).filter((name) => !isDeepStrictEqual(old[name], now[name]));
  const added = Object.keys(now).filter((name) => !(name in old));
  const dangers = gone.map((name) => ({
    change: `index changed: ${name} of ${id}`,
    reason:
      'it is deleted and built anew, and who queries it finds nothing meanwhile. Add one of another name beside it',
  }));
  if (added.length < 2) return dangers;
  const change = `indexes added: ${added.join(', ')} of ${id}`;
  return [
    ...dangers,
    { change, reason: 'CloudFormation adds one index to a table in one update. Deploy them one by one' },
  ];
}

function ofResource(id: string, before: Kept, after: Kept | undefined): Danger[] {
  const { type } = before;
  const { lost = '', instead = '' } = LOSS[type] ?? {};
  const reason = `${lost}. Instead ${instead}`;
  if (after === undefined || after.type !== type) return [{ change: `removed: ${id} (${type})`, reason }];
  const differs = (name: string) => !isDeepStrictEqual(before.identity[name], after.identity[name]);
  const replaced = (REPLACING[type] ?? []).filter(differs);
  if (!isDeepStrictEqual(before.keys, after.keys) && !replaced.includes('KeySchema'))
    replaced.push('types of its keys');
  const dangers: Danger[] = replaced.map((by) => ({ change: `replaced: ${id} (${type}) by ${by}`, reason }));
  for (const by of (OVERWRITING[type] ?? []).filter(differs)) {
    dangers.push({ change: `overwritten: ${id} (${type}) by ${by}`, reason });
  }
  return [...dangers, ...ofIndexes(id, before, after)];
}

/** Everything that `after` would lose of `before` when it is deployed over it. */
export function dangersOf(before: Release, after: Release): Danger[] {
  const settings = ofSettings(before.settings, after.settings);
  const removedAccounts = before.settings.accounts.filter((name) => !after.settings.accounts.includes(name));
  const resources = Object.entries(before.resources).flatMap(([id, old]) => {
    const now = after.resources[id];
    const account = now === undefined ? accountOf(id, old, before) : undefined;
    return account !== undefined && removedAccounts.includes(account) ? [] : ofResource(id, old, now);
  });
  const stays = Object.entries(before.resources).filter(
    ([id, old]) => old.stays && after.resources[id]?.stays === false,
  );
  // One word for all of them, where it is the stage that is no longer protected.
  const unprotected = after.settings.disposable ? [] : stays;
  return [
    ...settings,
    ...resources,
    ...unprotected.map(([id, { type }]) => ({
      change: `unprotected: ${id} (${type})`,
      reason: 'it is deleted with the stack, or when it leaves it. Keep its DeletionPolicy',
    })),
  ];
}
