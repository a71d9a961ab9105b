import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ADMIN_KEY_ID, type ApiKey } from '../domain/api-key.ts';
import { whereConditionHolds } from './client.ts';
import { smallPartition } from './small-partition.ts';

const PARTITION = 'apikey';
/** More keys than any deployment has; a list is one page. */
const MOST_LISTED = 1_000;

type RotatedSecret = Required<Pick<ApiKey, 'secretHash' | 'oldSecrets'>>;

/** API keys in the Control table: pk `apikey`, sk the key's id. */
export class KeyStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(keyId: string): Promise<ApiKey | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { pk: PARTITION, sk: keyId }, ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toKey(Item);
  }

  /** Newest first. */
  async list(): Promise<ApiKey[]> {
    const items = await smallPartition(this.#client, this.#table, { pk: PARTITION, most: MOST_LISTED });
    return items.map(toKey).sort((one, other) => other.createdAt - one.createdAt);
  }

  /** Stores a new key. @throws ConditionalCheckFailedException where its id exists and is not to be replaced. */
  async create(key: ApiKey, { replacing = false } = {}): Promise<void> {
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: { pk: PARTITION, sk: key.keyId, ...key },
        ...(replacing ? {} : { ConditionExpression: 'attribute_not_exists(pk)' }),
      }),
    );
  }

  /** The first revocation counts. @returns the key as it is now, undefined where there is none */
  async revoke(keyId: string, at: number): Promise<ApiKey | undefined> {
    return await this.#update(keyId, {
      UpdateExpression: 'SET revokedAt = if_not_exists(revokedAt, :at)',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':at': at },
    });
  }

  /**
   * Replaces the secret of a key that is not revoked, where it is still `known`.
   * @returns the key as it is now, undefined where it is not as it was known
   */
  async rotate(known: ApiKey, { secretHash, oldSecrets }: RotatedSecret, at: number): Promise<ApiKey | undefined> {
    return await this.#update(known.keyId, {
      UpdateExpression: 'SET secretHash = :hash, oldSecrets = :old, rotatedAt = :at',
      ConditionExpression: 'secretHash = :known AND attribute_not_exists(revokedAt)',
      ExpressionAttributeValues: { ':hash': secretHash, ':old': oldSecrets, ':at': at, ':known': known.secretHash },
    });
  }

  async markUsed(keyId: string, at: number): Promise<void> {
    await this.#update(keyId, {
      UpdateExpression: 'SET lastUsedAt = :at',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':at': at },
    });
  }

  /**
   * Makes `secretHash` the admin key's. A key that was revoked stays so until its secret changes.
   * @returns whether anything was written
   */
  async installAdmin(secretHash: string, at: number): Promise<boolean> {
    if ((await this.get(ADMIN_KEY_ID))?.secretHash === secretHash) return false;
    const key: ApiKey = {
      keyId: ADMIN_KEY_ID,
      name: 'made at deploy time',
      secretHash,
      scopes: ['admin'],
      test: false,
      createdAt: at,
    };
    // Two sweeps at once write the same.
    await this.create(key, { replacing: true });
    return true;
  }

  /** @returns the key as it is now, undefined where the condition did not hold */
  async #update(
    keyId: string,
    update: Omit<UpdateCommand['input'], 'TableName' | 'Key' | 'ReturnValues'>,
  ): Promise<ApiKey | undefined> {
    const Key = { pk: PARTITION, sk: keyId };
    const command = new UpdateCommand({ TableName: this.#table, Key, ReturnValues: 'ALL_NEW', ...update });
    const changed = (await whereConditionHolds(this.#client.send(command)))?.Attributes;
    return changed === undefined ? undefined : toKey(changed);
  }
}

function toKey({ pk: _pk, sk: _sk, ...key }: Record<string, unknown>): ApiKey {
  return key as unknown as ApiKey;
}
