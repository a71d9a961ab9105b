import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { whereConditionHolds } from './client.ts';
import { difference } from './difference.ts';

/** Attempts at one conditional write before giving up; each lost race means that another writer made progress. */
export const MAX_RACES = 20;

/** An item of the Messages table: a message or a batch. */
export type VersionedItem = Record<string, unknown> & { messageId: string; version: number };

/** Writes what differs, unless the item has another version by now. @returns whether it was written */
export async function replaceVersion(
  client: DynamoDBDocumentClient,
  table: string,
  { before, after }: { before: VersionedItem; after: VersionedItem },
): Promise<boolean> {
  const update = difference(before, after);
  const command = new UpdateCommand({
    TableName: table,
    Key: { messageId: before.messageId },
    ConditionExpression: '#version = :before',
    UpdateExpression: update.expression,
    ExpressionAttributeNames: { ...update.names, '#version': 'version' },
    ExpressionAttributeValues: { ...update.values, ':before': before.version },
  });
  return (await whereConditionHolds(client.send(command))) !== undefined;
}
