import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';

/**
 * The secret that signs the cursors of lists: pk `cursor-key` in the Control table. Whoever needs it first makes it, so it
 * is no part of a deployment, and it opens nothing but the next page of a list that a key may read anyway.
 */
export class CursorKeyStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  #key: Promise<string> | undefined;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(): Promise<string> {
    this.#key ??= this.#read().catch((error: unknown) => {
      this.#key = undefined;
      throw error;
    });
    return await this.#key;
  }

  /** One write for whoever comes first; everybody gets what that one wrote. */
  async #read(): Promise<string> {
    const { Attributes } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { pk: 'cursor-key', sk: 'current' },
        UpdateExpression: 'SET secret = if_not_exists(secret, :made)',
        ExpressionAttributeValues: { ':made': randomBytes(32).toString('hex') },
        ReturnValues: 'ALL_NEW',
      }),
    );
    const secret: unknown = Attributes?.['secret'];
    if (typeof secret !== 'string') throw new TypeError('the key of cursors was not given back');
    return secret;
  }
}
