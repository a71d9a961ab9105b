import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { WebhookAttempt, WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { whereConditionHolds } from './client.ts';
import { type EndpointChange, endpointUpdate } from './endpoint-update.ts';
import { smallPartition } from './small-partition.ts';

export type { EndpointChange } from './endpoint-update.ts';

const PARTITION = 'webhook-endpoint';
/** More endpoints than a deployment may have; a list is one page. */
const MOST_LISTED = 200;
const ATTEMPT_RETENTION_SECONDS = 30 * 86_400;

/**
 * Webhook endpoints in the Control table (pk `webhook-endpoint`, sk the endpoint's id) and their attempts
 * (pk `webhook-attempt#<endpoint>`, sk time, event and number, so that they are read in order of time).
 */
export class WebhookStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(endpointId: string): Promise<WebhookEndpoint | undefined> {
    const { Item } = await this.#client.send(
      // An endpoint that was made just now must not look gone to the first delivery.
      new GetCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: endpointId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : (withoutKeys(Item) as unknown as WebhookEndpoint);
  }

  /** Newest first. */
  async list(): Promise<WebhookEndpoint[]> {
    // Sort keys begin with a time, in ULIDs: backwards is newest first.
    const list = { pk: PARTITION, most: MOST_LISTED, backwards: true };
    const items = await smallPartition(this.#client, this.#table, list);
    return items.map(withoutKeys) as unknown as WebhookEndpoint[];
  }

  /** @throws ConditionalCheckFailedException where its id exists and is not to be replaced */
  async create(endpoint: WebhookEndpoint, { replacing = false } = {}): Promise<void> {
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: { pk: PARTITION, sk: endpoint.endpointId, ...endpoint },
        ...(replacing ? {} : { ConditionExpression: 'attribute_not_exists(pk)' }),
      }),
    );
  }

  /**
   * @param expected what must stand there for it; without it, anything
   * @returns the endpoint as it is now, undefined where there is none that is as expected
   */
  async change(
    endpointId: string,
    change: EndpointChange,
    expected: EndpointChange = {},
  ): Promise<WebhookEndpoint | undefined> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { pk: PARTITION, sk: endpointId },
      ReturnValues: 'ALL_NEW',
      ...endpointUpdate(change, { expected, mustExist: true }),
    });
    const changed = (await whereConditionHolds(this.#client.send(command)))?.Attributes;
    return changed === undefined ? undefined : (withoutKeys(changed) as unknown as WebhookEndpoint);
  }

  /** @returns whether there was one */
  async delete(endpointId: string): Promise<boolean> {
    const { Attributes } = await this.#client.send(
      new DeleteCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: endpointId }, ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }

  async recordAttempt(attempt: WebhookAttempt): Promise<void> {
    const { endpointId, eventId, number, at } = attempt;
    const ttl = Math.ceil(at / 1000) + ATTEMPT_RETENTION_SECONDS;
    const sk = `${paddedTime(at)}#${eventId}#${number}`;
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: { pk: attemptsOf(endpointId), sk, ttl, ...attempt } }),
    );
  }
}

/** Sorts as it counts. @param at epoch milliseconds */
export function paddedTime(at: number): string {
  return String(Math.max(0, at)).padStart(15, '0');
}

export function attemptsOf(endpointId: string): string {
  return `webhook-attempt#${endpointId}`;
}

type Item = Record<string, unknown>;

function withoutKeys({ pk: _pk, sk: _sk, ...rest }: Item): Item {
  return rest;
}
