import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { KeywordKind } from '../domain/subscriber-keyword.ts';
import { whereConditionHolds } from './client.ts';

const DAY_MS = 86_400_000;
/** By then no older message comes once more: a stream keeps its records for a day. */
const KEPT_SECONDS = 30 * 86_400;
/** Between two answers of a kind to one subscriber. */
const ANSWER_EVERY_MS = DAY_MS;

/** A subscriber's word to one account. */
export interface SaidKeyword {
  account: string;
  /** E.164. */
  number: string;
  kind: KeywordKind;
  /** Of the inbound message; ids are in the order of time. */
  messageId: string;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * The last word of each subscriber in the Control table: pk `keyword#<account>`, sk the number. By it an older word that comes
 * late, or again, undoes nothing.
 */
export class KeywordStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @returns whether it is the last word, as far as is known, and whether that was obeyed already */
  async note(said: SaidKeyword): Promise<'older' | 'last' | 'obeyed'> {
    const { kind, messageId, at } = said;
    const before = await this.#update(said, {
      UpdateExpression: 'SET kind = :kind, messageId = :messageId, #at = :at, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(messageId) OR messageId <= :messageId',
      ExpressionAttributeNames: { '#at': 'at', '#ttl': 'ttl' },
      ExpressionAttributeValues: {
        ':kind': kind,
        ':messageId': messageId,
        ':at': at,
        ':ttl': Math.ceil(at / 1000) + KEPT_SECONDS,
      },
      ReturnValues: 'ALL_OLD',
    });
    if (before === undefined) return 'older';
    return before['obeyed'] === messageId ? 'obeyed' : 'last';
  }

  /** What the last word asks for is done, unless there is a later one by now. */
  async markObeyed(said: SaidKeyword): Promise<void> {
    await this.#update(said, {
      UpdateExpression: 'SET obeyed = :messageId',
      ConditionExpression: 'messageId = :messageId',
      ExpressionAttributeValues: { ':messageId': said.messageId },
    });
  }

  async last(account: string, number: string): Promise<SaidKeyword | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf({ account, number }), ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { kind, messageId, at } = Item as Pick<SaidKeyword, 'kind' | 'messageId' | 'at'>;
    return { account, number, kind, messageId, at };
  }

  /** Takes the one answer of its kind that a subscriber may get in a day. @returns whether this message is the one that gets it */
  async takeAnswer(said: SaidKeyword): Promise<boolean> {
    const { kind, messageId, at } = said;
    const taken = await this.#update(said, {
      UpdateExpression: 'SET #answered = :at, #answeredTo = :messageId',
      // Who was erased meanwhile is not written down again.
      ConditionExpression:
        'attribute_exists(messageId) AND (attribute_not_exists(#answered) OR #answered <= :dayAgo OR #answeredTo = :messageId)',
      ExpressionAttributeNames: { '#answered': `${kind}AnsweredAt`, '#answeredTo': `${kind}AnsweredTo` },
      ExpressionAttributeValues: { ':at': at, ':dayAgo': at - ANSWER_EVERY_MS, ':messageId': messageId },
    });
    return taken !== undefined;
  }

  async forget(account: string, number: string): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key: keyOf({ account, number }) }));
  }

  /** @returns the attributes that were asked for; undefined where the condition does not hold */
  async #update(
    said: SaidKeyword,
    update: Omit<ConstructorParameters<typeof UpdateCommand>[0], 'TableName' | 'Key'>,
  ): Promise<Record<string, unknown> | undefined> {
    const command = new UpdateCommand({ TableName: this.#table, Key: keyOf(said), ...update });
    const written = await whereConditionHolds(this.#client.send(command));
    return written && (written.Attributes ?? {});
  }
}

function keyOf({ account, number }: Pick<SaidKeyword, 'account' | 'number'>) {
  return { pk: `keyword#${account}`, sk: number };
}
