import type { Callback, IndexDatabase, Item, ItemDatabase, Operation, Store } from './dynalite.ts';

/** A write that passed its condition and is about to happen. */
export interface ItemChange {
  table: string;
  /** dynalite's key of the item within its table. */
  key: string;
  old: Item | undefined;
  next: Item | undefined;
}

export type Commit = (change: ItemChange, indexOperations: Operation[]) => Promise<void>;

/**
 * dynalite's store for one write call. dynalite writes index entries and item one after the other; a kill between them would leave
 * an index that knows of items that aren't there, or an item that no index finds. Here they are handed to `commit` together.
 *
 * It relies on what dynalite does between reading the old item and writing the new one: all of it in one synchronous run.
 */
export function atomicStore(store: Store, commit: Commit): { store: Store; lastRead: () => Item | undefined } {
  let reading: { key: string; old: Item | undefined; operations: Operation[] } | undefined;

  const write = (table: string, key: string, next: Item | undefined, done: Callback): void => {
    if (reading?.key !== key) throw new Error('dynalite did not write what it read last');
    void finish(commit({ table, key, old: reading.old, next }, reading.operations), done);
  };

  const getItemDb = (table: string): ItemDatabase => {
    const items = store.getItemDb(table);
    return {
      lock: items.lock,
      get: (key, done) =>
        items.get(key, (error, old) => {
          reading = { key, old, operations: [] };
          done(error, old);
        }),
      put: (key, item, done) => write(table, key, item, done),
      del: (key, done) => write(table, key, undefined, done),
      createValueStream: (range) => items.createValueStream(range),
    };
  };

  const getIndexDb = (type: string, table: string, index: string): IndexDatabase => {
    const place = (key: string): string =>
      `index-${type.toLowerCase()}~${table}~${index}~${uniqueIndexKey(key, reading?.key ?? '')}`;
    return {
      put: (key, value, done) => {
        reading?.operations.push({ type: 'put', key: place(key), value });
        done(null);
      },
      del: (key, done) => {
        reading?.operations.push({ type: 'del', key: place(key) });
        done(null);
      },
      createValueStream: (range) => store.getIndexDb(type, table, index).createValueStream(range),
    };
  };

  return { store: { ...store, getItemDb, getIndexDb }, lastRead: () => reading?.old };
}

async function finish(committed: Promise<void>, done: Callback): Promise<void> {
  let failure: unknown = null;
  try {
    await committed;
  } catch (cause) {
    failure = cause;
  }
  done(failure);
}

/**
 * dynalite tells index entries with equal index keys apart by 24 bits of a hash of the table key: among 5,000 items that are due in the
 * same millisecond two would share an entry, and one of them would not be found. The table key itself is appended.
 */
export const uniqueIndexKey = (indexKey: string, key: string): string => `${indexKey}/${key}`;
