import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Period } from '../domain/period.ts';
import { whereConditionHolds } from './client.ts';
import { OpenCounts } from './open-counts.ts';
import {
  type Charge,
  type Counted,
  type Counter,
  type Item,
  keyOf,
  type LeftCount,
  leftIn,
  markOf,
  openName,
  passed,
  placeOf,
  returnedName,
  type SegmentLimits,
  type Usage,
  usageOf,
} from './usage-item.ts';

const MOST_RACES = 10;
/** A month's counters can be asked for as long, in seconds. */
const RETENTION_SECONDS = 400 * 86_400;

/**
 * Segments by account or key, in one item a month of the Control table: pk `usage#<account>[#<keyId>]`, sk the month, `month`
 * and `d01` to `d31` the counts. A limit is the condition of the write that counts, so no number of senders at once gets
 * past it.
 *
 * Each count leaves a mark with its message's id in the same item, so that counting twice counts once: a repeated try of the
 * SDK, a request that is run again. The mark goes with the next count after the message was stored. Where that never comes,
 * because the process died in between, whoever counts a minute later finds the mark, and can look for the message.
 */
export class UsageStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #settled = new OpenCounts();

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async read(counter: Counter, period: Period): Promise<Usage> {
    return usageOf(await this.#get(counter, period), period);
  }

  /** Counts a message, unless a limit would be passed. @param at epoch milliseconds */
  async count(
    counter: Counter,
    charge: Charge,
    { limits, at }: { limits: SegmentLimits; at: number },
  ): Promise<Counted> {
    const { messageId, segments, period } = charge;
    const marked = { '#open': openName(messageId) };
    for (let race = 0; race < MOST_RACES; race += 1) {
      const item = await this.#add(counter, charge, { limits, at });
      if (item !== undefined) return { kind: 'counted', usage: usageOf(item, period), left: leftIn(item, period, at) };
      const seen = (await this.#get(counter, period)) ?? {};
      const mark = seen[marked['#open']];
      if (mark === undefined) {
        const window = passed(usageOf(seen, period), segments, limits);
        const left = leftIn(seen, period, at);
        if (window !== undefined) return { kind: 'exhausted', window, used: usageOf(seen, period)[window], left };
        continue;
      }
      // Counted before. The mark is made new, for whoever thinks that nobody works on this message any more.
      const renewed = await this.#update(counter, period, {
        UpdateExpression: 'SET #open = :open',
        ConditionExpression: '#open = :mark',
        ExpressionAttributeNames: marked,
        ExpressionAttributeValues: { ':open': markOf(charge, at), ':mark': mark },
      });
      if (renewed !== undefined) return { kind: 'counted', usage: usageOf(seen, period), left: [] };
    }
    throw new Error(
      `segments of ${keyOf(counter, period).pk} were counted and given back ${MOST_RACES} times meanwhile`,
    );
  }

  /** The message of a count is stored: its mark can go. Without a call of its own, together with the next count. */
  settle(counter: Counter, { messageId, period }: Pick<Charge, 'messageId' | 'period'>): void {
    this.#settled.add(placeOf(counter, period), openName(messageId));
  }

  /** The same for a count that another process left behind, at once: this process may never count again. */
  async settleLeft(counter: Counter, { messageId, period, mark }: LeftCount): Promise<void> {
    await this.#update(counter, period, {
      UpdateExpression: 'REMOVE #open',
      ConditionExpression: '#open = :mark',
      ExpressionAttributeNames: { '#open': openName(messageId) },
      ExpressionAttributeValues: { ':mark': mark },
    });
  }

  /** Takes a count back whose message does not exist, once. Without effect where its mark is gone, or another than was seen. */
  async undo(counter: Counter, { messageId, segments, period, mark }: Charge & { mark?: string }): Promise<void> {
    await this.#update(counter, period, {
      UpdateExpression: 'ADD #month :less, #day :less REMOVE #open',
      ConditionExpression: mark === undefined ? 'attribute_exists(#open)' : '#open = :mark',
      ExpressionAttributeNames: { '#month': 'month', '#day': `d${period.day}`, '#open': openName(messageId) },
      ExpressionAttributeValues: { ':less': -segments, ...(mark === undefined ? {} : { ':mark': mark }) },
    });
  }

  /** Gives the segments of a stored message back, once until {@link forgetReturn}. */
  async giveBack(counter: Counter, { messageId, segments, period }: Charge): Promise<void> {
    await this.#update(counter, period, {
      UpdateExpression: 'ADD #month :less, #day :less SET #returned = :true',
      ConditionExpression: 'attribute_not_exists(#returned)',
      ExpressionAttributeNames: { '#month': 'month', '#day': `d${period.day}`, '#returned': returnedName(messageId) },
      ExpressionAttributeValues: { ':less': -segments, ':true': true },
    });
  }

  /** The message itself says now that its segments were given back. */
  async forgetReturn(counter: Counter, { messageId, period }: Pick<Charge, 'messageId' | 'period'>): Promise<void> {
    await this.#update(counter, period, {
      UpdateExpression: 'REMOVE #returned',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#returned': returnedName(messageId) },
    });
  }

  /** @returns the item after it, undefined where a limit or a count of the same message stands against it */
  async #add(
    counter: Counter,
    charge: Charge,
    { limits, at }: { limits: SegmentLimits; at: number },
  ): Promise<Item | undefined> {
    const { messageId, segments, period } = charge;
    // A condition on an attribute that is not there yet would let any number pass.
    if (passed({ day: 0, month: 0 }, segments, limits) !== undefined) return undefined;
    const place = placeOf(counter, period);
    const settled = this.#settled.take(place).filter((name) => name !== openName(messageId));
    const room = (name: string, limit: number | undefined) =>
      limit === undefined ? [] : [`(attribute_not_exists(${name}) OR ${name} <= :room${name.slice(1)})`];
    const rooms = Object.entries({ ':roomday': limits.perDay, ':roommonth': limits.perMonth });
    const item = await this.#update(counter, period, {
      UpdateExpression: [
        'ADD #month :segments, #day :segments SET #open = :open, #ttl = if_not_exists(#ttl, :ttl)',
        ...(settled.length === 0 ? [] : [`REMOVE ${settled.map((_name, index) => `#settled${index}`).join(', ')}`]),
      ].join(' '),
      ConditionExpression: [
        'attribute_not_exists(#open)',
        ...room('#day', limits.perDay),
        ...room('#month', limits.perMonth),
      ].join(' AND '),
      ExpressionAttributeNames: {
        '#month': 'month',
        '#day': `d${period.day}`,
        '#open': openName(messageId),
        '#ttl': 'ttl',
        ...Object.fromEntries(settled.map((name, index) => [`#settled${index}`, name])),
      },
      ExpressionAttributeValues: {
        ':segments': segments,
        ':open': markOf(charge, at),
        ':ttl': Math.ceil(at / 1000) + RETENTION_SECONDS,
        ...Object.fromEntries(
          rooms.flatMap(([name, limit]) => (limit === undefined ? [] : [[name, limit - segments]])),
        ),
      },
      ReturnValues: 'ALL_NEW',
    });
    if (item === undefined) for (const name of settled) this.#settled.add(place, name);
    return item;
  }

  async #get(counter: Counter, period: Period): Promise<Item | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(counter, period), ConsistentRead: true }),
    );
    return Item;
  }

  /** @returns the attributes that were asked for, undefined where the condition did not hold */
  async #update(
    counter: Counter,
    period: Period,
    update: Omit<UpdateCommand['input'], 'TableName' | 'Key'>,
  ): Promise<Item | undefined> {
    const command = new UpdateCommand({ TableName: this.#table, Key: keyOf(counter, period), ...update });
    const output = await whereConditionHolds(this.#client.send(command));
    return output && (output.Attributes ?? {});
  }
}
