import { createRequire } from 'node:module';
import { ACCOUNT_ID, REGION } from '../arn.ts';

/**
 * The inside of dynalite: its actions and validations on its LevelDB, without its HTTP server. Calling them here lets an item, its
 * index entries and its stream record be written as one batch (atomic-store.ts). Its version is pinned.
 */
export type AttributeValue = Record<string, unknown>;
export type Item = Record<string, AttributeValue>;
export type Callback<T = void> = (error: unknown, value: T) => void;

export type Operation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** What is used of LevelDB: keys are text, values JSON, a batch is atomic. */
export interface Database {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<unknown>;
  getSync(key: string): unknown;
  batch(operations: Operation[]): Promise<void>;
  keys(range: Range): { all(): Promise<string[]> };
  values(range: Range): { all(): Promise<unknown[]> };
  iterator(range: Range): AsyncIterable<[key: string, value: unknown]>;
}

export interface Range {
  gt?: string;
  gte?: string;
  lt?: string;
  reverse?: boolean;
  limit?: number;
}

export interface ItemDatabase {
  lock: unknown;
  get(key: string, done: Callback<Item | undefined>): void;
  put(key: string, item: Item, done: Callback): void;
  del(key: string, done: Callback): void;
  createValueStream(range: Range): unknown;
}

export type IndexDatabase = Pick<ItemDatabase, 'put' | 'del' | 'createValueStream'>;

export interface TableDescription {
  TableName: string;
  TableStatus: string;
  TableArn: string;
  AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
  KeySchema: { AttributeName: string; KeyType: string }[];
  GlobalSecondaryIndexes?: IndexDescription[];
  LocalSecondaryIndexes?: IndexDescription[];
}

export interface IndexDescription {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: string }[];
  Projection: { ProjectionType?: string; NonKeyAttributes?: string[] };
}

export interface Store {
  options: { createTableMs: number };
  db: Database;
  tableDb: { awsAccountId: string; awsRegion: string };
  getItemDb(table: string): ItemDatabase;
  getIndexDb(type: string, table: string, index: string): IndexDatabase;
  getTable(
    name: string,
    ...rest: [Callback<TableDescription>] | [checkStatus: boolean, Callback<TableDescription>]
  ): void;
}

export interface Result {
  status: number;
  output: Record<string, unknown>;
}

type Action = (store: Store, input: unknown, done: Callback<Record<string, unknown>>) => void;
interface Validation {
  types: unknown;
  custom: unknown;
}

const load = createRequire(import.meta.url);
const internals = load('dynalite/db') as {
  create(options: { path: string; createTableMs: number }): Store;
  createKey(item: Item, table: TableDescription): string;
  itemSize(item: Item): number;
};
const validations = load('dynalite/validations') as {
  checkTypes(input: unknown, types: unknown): unknown;
  checkValidations(input: unknown, types: unknown, custom: unknown, store: Store): void;
};

/** Where an item stands within its table. */
export const itemKey = (item: Item, table: TableDescription): string => internals.createKey(item, table);
/** Where an item stands in the database. */
export const itemPlace = (table: string, key: string): string => `item-${table}~${key}`;
/** Octets as DynamoDB counts them. */
export const itemSizeBytes = (item: Item): number => internals.itemSize(item);

/** Opens the database in this folder; throws when another process has it open. */
export async function openStore(path: string): Promise<Store> {
  const store = internals.create({ path, createTableMs: 0 });
  store.tableDb.awsAccountId = ACCOUNT_ID;
  store.tableDb.awsRegion = REGION;
  try {
    await store.db.open();
  } catch (cause) {
    throw new Error(`The database in ${path} can't be opened; is another local stack running on it?`, { cause });
  }
  return { ...store, getItemDb: (table) => directReads(store, table) };
}

/** Reading an item takes some microseconds; the way through the thread pool and back would take ten times as long. */
function directReads(store: Store, table: string): ItemDatabase {
  const get = (key: string, done: Callback<Item | undefined>): void => {
    let item: Item | undefined;
    try {
      item = store.db.getSync(itemPlace(table, key)) as Item | undefined;
    } catch (cause) {
      return done(cause, undefined);
    }
    done(null, item);
  };
  return { ...store.getItemDb(table), get };
}

/** Performs an action as DynamoDB would answer it. The input is changed. Rejects on faults only. */
export function perform(store: Store, action: string, input: unknown): Promise<Result> {
  const file = action.charAt(0).toLowerCase() + action.slice(1);
  const { types, custom } = load(`dynalite/validations/${file}`) as Validation;
  const run = load(`dynalite/actions/${file}`) as Action;
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const settle = (cause: unknown): void => (isRefusal(cause) ? resolve(refused(cause)) : reject(cause));
  try {
    const checked = validations.checkTypes(input, types);
    validations.checkValidations(checked, types, custom, store);
    run(store, checked, (error, output) => (error ? settle(error) : resolve({ status: 200, output })));
  } catch (cause) {
    settle(cause);
  }
  return promise;
}

/** dynalite's form of an answer that is no success. */
interface Refusal {
  statusCode: number;
  body: Record<string, unknown>;
}

/** An error that {@link perform} answers with. */
export function refusal(code: string, message: string): Error & Refusal {
  return Object.assign(new Error(message), { statusCode: 400, body: { __type: code, message } });
}

const isRefusal = (cause: unknown): cause is Refusal => cause instanceof Error && 'statusCode' in cause;
const refused = ({ statusCode, body }: Refusal): Result => ({ status: statusCode, output: body });
