import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { whereConditionHolds } from './client.ts';

/** Rows are of no use after their second; the table takes them away when it comes to it. */
const KEPT_SECONDS = 3_600;

/** Requests of API keys by the second, in the Control table: pk `rate#<keyId>`, sk the second. */
export class RateStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Counts a request, unless its second has as many as it may have.
   * @returns how many the second has now, undefined where there is no room
   */
  async take(
    keyId: string,
    { second, limit, signal }: { second: number; limit: number; signal: AbortSignal },
  ): Promise<number | undefined> {
    const update = new UpdateCommand({
      TableName: this.#table,
      Key: { pk: `rate#${keyId}`, sk: String(second) },
      UpdateExpression: 'ADD requests :one SET #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(requests) OR requests < :limit',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: { ':one': 1, ':limit': limit, ':ttl': second + KEPT_SECONDS },
      ReturnValues: 'UPDATED_NEW',
    });
    const output = await whereConditionHolds(this.#client.send(update, { abortSignal: signal }));
    return output && Number(output.Attributes?.['requests'] ?? 1);
  }
}
