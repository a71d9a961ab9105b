import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { WebhookAttempt } from '../domain/webhook-endpoint.ts';
import { attemptsOf, paddedTime } from './control-webhooks.ts';

/** Behind all times that an attempt can have. */
export const LAST_TIME_MS = 999_999_999_999_999;

export interface AttemptRange {
  /** Epoch milliseconds. */
  from: number;
  /** Not in the range itself. */
  before: number;
  order: 'newest_first' | 'oldest_first';
  limit: number;
  /** `position` of the page before. */
  after?: string | undefined;
}

export interface AttemptPage {
  attempts: WebhookAttempt[];
  /** Where the next page begins, if one follows. */
  position?: string;
}

/** Attempts at webhook endpoints, which WebhookStore writes, in the order of time. */
export class WebhookAttempts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async page(endpointId: string, { from, before, order, limit, after }: AttemptRange): Promise<AttemptPage> {
    if (before <= from) return { attempts: [] };
    const pk = attemptsOf(endpointId);
    const { Items = [], LastEvaluatedKey: last } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :before',
        ExpressionAttributeValues: { ':pk': pk, ':from': paddedTime(from), ':before': paddedTime(before) },
        ScanIndexForward: order === 'oldest_first',
        Limit: limit,
        ...(after === undefined ? {} : { ExclusiveStartKey: { pk, sk: after } }),
      }),
    );
    const attempts = Items.map(({ pk: _pk, sk: _sk, ttl: _ttl, ...attempt }) => attempt as unknown as WebhookAttempt);
    return last === undefined ? { attempts } : { attempts, position: String(last['sk']) };
  }
}
