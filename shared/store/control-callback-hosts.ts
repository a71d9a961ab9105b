import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { whereConditionHolds } from './client.ts';
import { type EndpointChange, endpointUpdate } from './endpoint-update.ts';
import { smallPartition } from './small-partition.ts';

const PARTITION = 'callback-host';
const MOST_LISTED = 200;
/** What was wrong with a host is forgotten so long after the last word of it: a disabled one is tried again then. */
const RETENTION_SECONDS = 30 * 86_400;

/** What is known of the health of a host that callbacks go to. */
export type CallbackHost = Pick<
  WebhookEndpoint,
  'endpointId' | 'disabled' | 'unannounced' | 'failingSince' | 'lastFailedAt' | 'pausedUntil' | 'probing' | 'pauses'
>;

/**
 * Hosts of callbacks in the Control table: pk `callback-host`, sk `cb_` and the host. There is an item only where something was
 * wrong with one.
 */
export class CallbackHostStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #now: () => number;

  /** @param now epoch milliseconds */
  constructor(client: DynamoDBDocumentClient, table: string, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
  }

  async get(endpointId: string): Promise<CallbackHost> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: endpointId }, ConsistentRead: true }),
    );
    return { ...withoutKeys(Item ?? {}), endpointId };
  }

  /** By name. Who has so many in trouble sees the first of them. */
  async list(): Promise<CallbackHost[]> {
    const items = await smallPartition(this.#client, this.#table, { pk: PARTITION, most: MOST_LISTED });
    return items.map((item) => ({ ...withoutKeys(item), endpointId: String(item['sk']) }));
  }

  /**
   * @param expected what must stand there for it; without it, anything
   * @returns what is known now, undefined where it was not as expected
   */
  async change(
    endpointId: string,
    change: EndpointChange,
    expected: EndpointChange = {},
  ): Promise<CallbackHost | undefined> {
    const ttl = Math.ceil(this.#now() / 1000) + RETENTION_SECONDS;
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { pk: PARTITION, sk: endpointId },
      ReturnValues: 'ALL_NEW',
      ...endpointUpdate({ ...change, ttl }, { expected, mustExist: false }),
    });
    const changed = (await whereConditionHolds(this.#client.send(command)))?.Attributes;
    return changed === undefined ? undefined : { ...withoutKeys(changed), endpointId };
  }

  /** @returns whether anything was known */
  async forget(endpointId: string): Promise<boolean> {
    const { Attributes } = await this.#client.send(
      new DeleteCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: endpointId }, ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }
}

type Item = Record<string, unknown>;

function withoutKeys({ pk: _pk, sk: _sk, ttl: _ttl, ...rest }: Item): Item {
  return rest;
}
