import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

/** What one BatchWriteItem takes, and how many of them are under way at a time. */
const BATCH = 25;
const CONCURRENT = 8;

/** When message `index` was made, epoch milliseconds. */
export function timeOf(index: number): number {
  return CREATED_AT + index;
}

/** Stores messages, one a millisecond, of account main; every hundredth is for one recipient and has one client reference. */
export async function storeMessages(
  document: DynamoDBDocumentClient,
  count: number,
  report: (done: number) => void,
): Promise<void> {
  const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) => batch * BATCH).values();
  let done = 0;
  const worker = async () => {
    for (const start of starts) {
      const indexes = Array.from({ length: Math.min(BATCH, count - start) }, (_, place) => start + place);
      const Messages = indexes.map((index) => ({ PutRequest: { Item: { ...messageAt(index) } } }));
      await document.send(new BatchWriteCommand({ RequestItems: { Messages } }));
      report((done += indexes.length));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
}

function messageAt(index: number) {
  const createdAt = timeOf(index);
  const rare = index % 100 === 0;
  return queuedMessage({
    messageId: firstIdAt(createdAt),
    createdAt,
    to: rare ? '+639175550100' : '+639175550199',
    ...(rare ? { clientRef: 'rare' } : {}),
  });
}
