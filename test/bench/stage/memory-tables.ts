import { setTimeout as delay } from 'node:timers/promises';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type PutCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Message } from '../../../shared/domain/message.ts';

type Item = Record<string, unknown>;
type Command = GetCommand | PutCommand | UpdateCommand;

/** About what DynamoDB takes inside a region. */
const ANSWER_MS = 4;

/** As much of DynamoDB as the stores of a term need, in memory. What is put is counted and not kept: nothing reads it. */
export class MemoryTables {
  readonly #messages = new Map<string, Item>();

  /** For the stores. */
  get client(): DynamoDBDocumentClient {
    const client = { send: (command: Command) => this.#send(command) };
    return client as unknown as DynamoDBDocumentClient;
  }

  add(message: Message): void {
    this.#messages.set(message.messageId, { ...message });
  }

  async #send(command: Command): Promise<Item> {
    await delay(ANSWER_MS);
    if (command instanceof GetCommand) return { Item: this.#messages.get(idOf(command.input)) };
    if (command instanceof UpdateCommand) this.#update(command.input);
    return {};
  }

  /** Expressions as MessageStore writes them: `SET #a = :a, … REMOVE #b, …`, on condition of the version. */
  #update(input: UpdateCommandInput): void {
    const { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} } = input;
    const messageId = idOf(input);
    const item = { ...this.#messages.get(messageId) };
    if (item['version'] !== values[':before']) throw new ConditionalCheckFailedException();
    for (const [alias, name] of Object.entries(names)) {
      const value: unknown = values[`:${alias.slice(1)}`];
      if (value === undefined) delete item[name];
      else item[name] = value;
    }
    this.#messages.set(messageId, item);
  }
}

class ConditionalCheckFailedException extends Error {
  override readonly name = 'ConditionalCheckFailedException';
}

function idOf({ Key }: { Key?: Item | undefined }): string {
  // The Control table's keys are others: nothing is in it.
  return String(Key?.['messageId']);
}
