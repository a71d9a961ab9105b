import { randomBytes } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newWebhookSecret, type OldEndpointSecret, type WebhookSecrets } from '../domain/webhook-endpoint.ts';
import { whereConditionHolds } from './client.ts';

const KEY = { pk: 'callback-secret', sk: 'current' };

/** The secret that signs callbacks, one for the whole deployment. Whoever needs it first makes it. */
export class CallbackSecretStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(): Promise<WebhookSecrets> {
    const { Item } = await this.#client.send(
      // A secret that was just rotated out must not sign alone.
      new GetCommand({ TableName: this.#table, Key: KEY, ConsistentRead: true }),
    );
    return Item === undefined ? await this.#make() : secretsOf(Item);
  }

  /** One write for whoever comes first; everybody gets what that one wrote. */
  async #make(): Promise<WebhookSecrets> {
    const { Attributes = {} } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: KEY,
        UpdateExpression: 'SET secret = if_not_exists(secret, :made)',
        ExpressionAttributeValues: { ':made': newWebhookSecret(randomBytes) },
        ReturnValues: 'ALL_NEW',
      }),
    );
    return secretsOf(Attributes);
  }

  /** @returns whether it was still as it was seen */
  async replace(seen: WebhookSecrets, by: WebhookSecrets): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: KEY,
      UpdateExpression: 'SET secret = :secret, oldSecrets = :old',
      ConditionExpression: 'secret = :seen',
      ExpressionAttributeValues: { ':secret': by.secret, ':old': by.oldSecrets ?? [], ':seen': seen.secret },
    });
    return (await whereConditionHolds(this.#client.send(command))) !== undefined;
  }
}

function secretsOf({ secret, oldSecrets }: Record<string, unknown>): WebhookSecrets {
  if (typeof secret !== 'string') throw new TypeError('the secret of callbacks was not given back');
  return { secret, ...(oldSecrets === undefined ? {} : { oldSecrets: oldSecrets as OldEndpointSecret[] }) };
}
