import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  type MessageAttributeValue,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { parseLaneBody } from '../../shared/queue/lanes.ts';

/** A message of a dead-letter queue, in our hands for a while. */
export interface Letter {
  handle: string;
  body: string;
  /** Of a lane's letter that can be read. */
  messageId: string | undefined;
  reason: string | undefined;
  detail: string | undefined;
  /** Epoch milliseconds: when it was put into this queue, or into its first one where SQS moved it. */
  sentAt: number;
  /** Which others it takes turns with, where it says so. */
  group: string | undefined;
  /** What else it carried. */
  attributes: Record<string, MessageAttributeValue>;
}

/** Most messages of one call. */
const MOST = 10;
/** Of SQS. */
const LONGEST_HELD_SECONDS = 12 * 3600;
/** Why a letter is here, in our words or in those of EventBridge; gone when it goes back. */
const REASON = ['reason', 'ERROR_CODE'];
const DETAIL = ['detail', 'ERROR_MESSAGE'];
const OWN_ATTRIBUTES = new Set([...REASON, ...DETAIL]);

type Sqs = Pick<SQSClient, 'send'>;

/**
 * For how long letters are hidden: at least as long as it takes to go through the queue, a tenth of a second each, or those
 * that stay would be taken a second time in place of others. Nobody else reads such a queue.
 */
function heldSeconds(letters: number): number {
  return Math.min(60 + Math.ceil(letters / 10), LONGEST_HELD_SECONDS);
}

/** Messages in a queue, those in somebody's hands included; undefined where there is no such queue. */
export async function countIn(sqs: Sqs, url: string): Promise<number | undefined> {
  const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  try {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

function letterOf({ ReceiptHandle = '', Body = '', MessageAttributes = {}, Attributes = {} }: Message): Letter {
  const others = Object.entries(MessageAttributes).filter(([name]) => !OWN_ATTRIBUTES.has(name));
  const said = (names: readonly string[]) => names.map((name) => MessageAttributes[name]?.StringValue).find(Boolean);
  return {
    handle: ReceiptHandle,
    body: Body,
    messageId: parseLaneBody(Body),
    reason: said(REASON),
    detail: said(DETAIL),
    sentAt: Number(Attributes.SentTimestamp ?? 0),
    group: Attributes.MessageGroupId,
    attributes: Object.fromEntries(others),
  };
}

/** Takes letters until the queue has no more, or there are enough. They are hidden from others meanwhile. */
export async function* takeLetters(sqs: Sqs, url: string, most: number): AsyncGenerator<Letter[]> {
  for (let taken = 0; taken < most; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: Math.min(MOST, most - taken),
        VisibilityTimeout: heldSeconds(most),
        // A long poll asks all of the queue's servers; a short one may find nothing where something is.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['SentTimestamp', 'MessageGroupId'],
      }),
    );
    if (Messages.length === 0) return;
    taken += Messages.length;
    yield Messages.map(letterOf);
  }
}

function inTens<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / MOST) }, (_, index) =>
    items.slice(index * MOST, (index + 1) * MOST),
  );
}

/** Shows letters to others again at once. */
export async function giveBack(sqs: Sqs, url: string, letters: readonly Letter[]): Promise<void> {
  for (const ten of inTens(letters)) {
    const Entries = ten.map(({ handle }, index) => ({
      Id: String(index),
      ReceiptHandle: handle,
      VisibilityTimeout: 0,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries }));
  }
}

/** Deletes letters, at most ten, from their queue. */
export async function deleteLetters(sqs: Sqs, url: string, letters: readonly Letter[]): Promise<void> {
  if (letters.length === 0) return;
  const Entries = letters.map(({ handle }, index) => ({ Id: String(index), ReceiptHandle: handle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
}

/**
 * Puts letters, at most ten, where they came from. One that cannot be deleted afterwards stands in both queues. The binder and
 * the feeder of batches know a repeat when they see it; an endpoint sees the `webhook-id` that it had.
 * @returns those that were moved
 */
export async function putAgain(sqs: Sqs, from: string, to: string, letters: readonly Letter[]): Promise<Letter[]> {
  if (letters.length === 0) return [];
  const Entries = letters.map(({ body, attributes, group }, index) => ({
    Id: String(index),
    MessageBody: body,
    MessageAttributes: attributes,
    ...(group === undefined ? {} : { MessageGroupId: group }),
  }));
  const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: to, Entries }));
  const moved = letters.filter((_, index) => Successful.some(({ Id }) => Id === String(index)));
  await deleteLetters(sqs, from, moved);
  return moved;
}
