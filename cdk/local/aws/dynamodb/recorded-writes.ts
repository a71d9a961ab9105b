import { outputOf } from '../answer.ts';
import type { AwsAnswer } from '../call.ts';
import type { ExternalEndpoint } from '../external-endpoint.ts';
import { type Database, type Item, itemKey, type Operation } from './dynalite.ts';
import type { GroupCommit } from './group-commit.ts';
import { KeyedLock } from './keyed-lock.ts';
import { sameItem } from './same-item.ts';
import type { SingleWrite } from './single-writes.ts';
import { keyOf, type Table } from './table.ts';

/** Written down before a write: the item as it was. */
interface Intent {
  keys: Item;
  old: Item | null;
}

interface Parts {
  endpoint: ExternalEndpoint;
  database: Database;
  commits: GroupCommit;
}

/**
 * Writes to a table elsewhere, with stream records here. Both images are read around the write, one write at a time for an item. An
 * intent stands in the state directory meanwhile; if this process dies in between, the next one compares and makes up the record.
 */
export class RecordedWrites {
  readonly #parts: Parts;
  readonly #locks = new KeyedLock();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** PutItem, UpdateItem or DeleteItem on a table with a stream. */
  write(table: Table, { action, input }: SingleWrite, expired = false): Promise<AwsAnswer> {
    const keys = keyOf((input.Key ?? input.Item ?? {}) as Item, table);
    const place = intentPlace(table, keys);
    return this.#locks.run(place, async () => {
      const old = await this.#read(table, keys);
      const intent: Intent = { keys, old: old ?? null };
      await this.#parts.commits.append([{ type: 'put', key: place, value: intent }]);
      const answer = await this.#parts.endpoint.send(action, input);
      const next = answer.status === 200 ? await this.#read(table, keys) : old;
      await this.#settle(table, { keys, old, next, expired });
      return answer;
    });
  }

  /** Removes an item that is still expired when its turn comes. */
  async expire(table: Table, item: Item, condition: Record<string, unknown>): Promise<void> {
    const input = {
      TableName: table.name,
      Key: keyOf(item, table),
      ConditionExpression: '#expiry < :now',
      ...condition,
    };
    if (table.stream) await this.write(table, { action: 'DeleteItem', input }, true);
    else await this.#parts.endpoint.send('DeleteItem', input);
  }

  /** For writes that were under way when the process died. */
  async finishInterrupted(table: Table): Promise<void> {
    const range = { gte: `intent~${table.name}~`, lt: `intent~${table.name}~~` };
    for (const intent of (await this.#parts.database.values(range).all()) as Intent[]) {
      const { keys, old } = intent;
      const next = await this.#read(table, keys);
      await this.#settle(table, { keys, old: old ?? undefined, next, expired: false });
    }
  }

  async #settle(
    table: Table,
    images: { keys: Item; old: Item | undefined; next: Item | undefined; expired: boolean },
  ): Promise<void> {
    const done: Operation[] = [{ type: 'del', key: intentPlace(table, images.keys) }];
    if (!table.stream || sameItem(images.old, images.next)) await this.#parts.commits.append(done);
    else await table.stream.append(done, images);
  }

  async #read(table: Table, Key: Item): Promise<Item | undefined> {
    const input = { TableName: table.name, Key, ConsistentRead: true };
    const output = outputOf(await this.#parts.endpoint.send('GetItem', input));
    return output.Item as Item | undefined;
  }
}

const intentPlace = (table: Table, keys: Item): string => `intent~${table.name}~${itemKey(keys, table.description)}`;
