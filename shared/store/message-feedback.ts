import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Feedback, FeedbackOutcome } from '../domain/feedback.ts';
import { whereConditionHolds } from './client.ts';

/** Feedback on messages in the Messages table. Beside every other change: it says nothing of a message's way. */
export class MessageFeedback {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** @returns whether it was still as it was seen */
  async replace(messageId: string, seen: FeedbackOutcome | undefined, by: Feedback): Promise<boolean> {
    const isAsSeen = seen === undefined ? 'attribute_not_exists(feedback)' : 'feedback.outcome = :seen';
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: { messageId },
      UpdateExpression: 'SET feedback = :by',
      ConditionExpression: `attribute_exists(messageId) AND ${isAsSeen}`,
      ExpressionAttributeValues: { ':by': by, ...(seen === undefined ? {} : { ':seen': seen }) },
    });
    return (await whereConditionHolds(this.#client.send(command))) !== undefined;
  }
}
