import { uniqueIndexKey } from './atomic-store.ts';
import { type IndexDatabase, type Item, itemKey, type Range, type Store, type TableDescription } from './dynalite.ts';

/** dynalite's store for a Query or Scan that goes on after `startKey`: it finds its place among the index entries of {@link uniqueIndexKey}. */
export function pageStore(store: Store, table: TableDescription, startKey: Item): Store {
  const getIndexDb = (type: string, name: string, index: string): IndexDatabase => {
    const entries = store.getIndexDb(type, name, index);
    const createValueStream = (range: Range): unknown =>
      entries.createValueStream(beyond(range, itemKey(startKey, table)));
    return { ...entries, createValueStream };
  };
  return { ...store, getIndexDb };
}

/** dynalite puts the start key into `gt` going forward and into `lt` going back. */
function beyond(range: Range, key: string): Range {
  if (range.reverse) return range.lt === undefined ? range : { ...range, lt: uniqueIndexKey(range.lt, key) };
  return range.gt === undefined ? range : { ...range, gt: uniqueIndexKey(range.gt, key) };
}
