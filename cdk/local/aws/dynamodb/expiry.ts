import type { ItemChange } from './atomic-store.ts';
import { type Database, type Item, itemKey, type Operation } from './dynalite.ts';
import type { GroupCommit } from './group-commit.ts';
import { keyOf, type Table } from './table.ts';

/**
 * Items by the second in which they expire. Kept in the database, written in one batch with each change, so that a sweep reads only
 * what has expired, however many items there are.
 */
export function expiryOperations(table: Table, { key, old, next }: ItemChange): Operation[] {
  const before = expirySecond(table, old);
  const after = expirySecond(table, next);
  if (before === after) return [];
  return [
    ...(before === undefined ? [] : [{ type: 'del' as const, key: place(table.name, before, key) }]),
    ...(after === undefined || !next
      ? []
      : [{ type: 'put' as const, key: place(table.name, after, key), value: keyOf(next, table) }]),
  ];
}

/** Keys of the items that expired before `nowSeconds`, the oldest first. */
export async function expiredKeys(
  database: Database,
  table: string,
  nowSeconds: number,
  limit: number,
): Promise<Item[]> {
  const range = { gte: `expiry~${table}~`, lt: `expiry~${table}~${secondText(nowSeconds)}`, limit };
  return (await database.values(range).all()) as Item[];
}

/** Makes the entries anew, for a table whose TTL attribute is not that of the earlier run. */
export async function rebuildExpiry(database: Database, commits: GroupCommit, table: Table): Promise<void> {
  const stale = await database.keys({ gte: `expiry~${table.name}~`, lt: `expiry~${table.name}~:` }).all();
  const operations: Operation[] = stale.map((key) => ({ type: 'del', key }));
  for await (const [, item] of database.iterator({ gte: `item-${table.name}~`, lt: `item-${table.name}~~` })) {
    const next = item as Item;
    const key = itemKey(next, table.description);
    operations.push(...expiryOperations(table, { table: table.name, key, old: undefined, next }));
  }
  await commits.append(operations);
}

/** Undefined when the item has no TTL attribute, or one that is no number, which DynamoDB ignores too. */
function expirySecond(table: Table, item: Item | undefined): number | undefined {
  const value = table.expiryAttribute === undefined ? undefined : item?.[table.expiryAttribute];
  const second = Math.trunc(Number(value?.N));
  return value === undefined || !Number.isFinite(second) || second < 0 ? undefined : second;
}

const secondText = (second: number): string => String(second).padStart(16, '0');
const place = (table: string, second: number, key: string): string => `expiry~${table}~${secondText(second)}~${key}`;
