import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * The inside of fauxqs: its queues and actions without its HTTP server, which would listen on every interface, hand out URLs that do
 * not resolve, and bring S3 and SNS along. The package exports only the whole, so its files are loaded by path; its version is pinned.
 */
export interface FauxqsStore {
  /** Host of the queue URLs that are handed out; empty means the host that the caller used. */
  host: string;
  region: string;
  persistence: QueuePersistence | undefined;
  createQueue(name: string, url: string, arn: string, attributes?: Record<string, string>): FauxqsQueue;
  getQueue(url: string): FauxqsQueue | undefined;
  getQueueByName(name: string): FauxqsQueue | undefined;
  allQueues(): Iterable<FauxqsQueue>;
  shutdown(): void;
}

export interface FauxqsQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  attributes: Record<string, string>;
  persistence: QueuePersistence | undefined;
  enqueue(message: StoredMessage): void;
  changeVisibility(receiptHandle: string, timeoutSeconds: number): void;
  /** Makes due what was delayed or whose visibility timeout has passed. */
  processTimers(): void;
  waitForMessages(waitTimeSeconds: number): Promise<void>;
  inspectMessages(): { ready: SentMessage[]; delayed: SentMessage[]; inflight: { message: SentMessage }[] };
}

export interface StoredMessage {
  messageId: string;
  body: string;
  approximateReceiveCount: number;
  /** Epoch milliseconds. */
  approximateFirstReceiveTimestamp?: number;
}

/** A message that a queue holds. */
export interface SentMessage extends StoredMessage {
  /** Epoch milliseconds. */
  sentTimestamp: number;
}

/** Told of every change of a queue while it happens. */
export interface QueuePersistence {
  insertQueue(): void;
  deleteQueue(queueName: string): void;
  updateQueueAttributes(): void;
  updateQueueSequenceCounter(): void;
  insertMessage(queueName: string, message: StoredMessage): void;
  deleteMessage(messageId: string): void;
  /** `firstReceivedAt`: epoch milliseconds. */
  updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    visibilityDeadline: number,
    receiveCount: number,
    firstReceivedAt?: number,
  ): void;
  updateMessageReady(messageId: string): void;
  deleteQueueMessages(queueName: string): void;
}

export type FauxqsHandler = (
  input: Record<string, unknown>,
  store: FauxqsStore,
  request: { headers: Record<string, unknown> },
) => Record<string, unknown> | Promise<Record<string, unknown>>;

export interface FauxqsError extends Error {
  statusCode: number;
  /** Value of `x-amzn-query-error`, from which the SDK takes the error's name. */
  queryErrorHeader: string;
  toJSON(): Record<string, unknown>;
}

const ACTIONS = [
  'CreateQueue',
  'DeleteQueue',
  'GetQueueUrl',
  'ListQueues',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'PurgeQueue',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'TagQueue',
  'UntagQueue',
  'ListQueueTags',
];

export async function loadFauxqs(): Promise<{ store: FauxqsStore; handlers: Map<string, FauxqsHandler> }> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) throw new Error('The package fauxqs is not installed');
  const load = async (file: string): Promise<Record<string, unknown>> =>
    (await import(new URL(`dist/sqs/${file}.js`, pathToFileURL(manifest)).href)) as Record<string, unknown>;
  const names = ACTIONS.map((action) => action.charAt(0).toLowerCase() + action.slice(1));
  const [types, storeModule, ...modules] = await Promise.all([
    load('sqsTypes'),
    load('sqsStore'),
    ...names.map((name) => load(`actions/${name}`)),
  ]);
  acceptEveryCharacterOfSqs(types?.INVALID_MESSAGE_BODY_CHAR as RegExp);
  const Store = storeModule?.SqsStore as new () => FauxqsStore;
  const handlers = new Map(
    ACTIONS.map((action, index) => [action, modules[index]?.[names[index] ?? ''] as FauxqsHandler]),
  );
  return { store: new Store(), handlers };
}

/** fauxqs looks at code units and so takes an emoji for two invalid characters; SQS allows all of #x10000 to #x10FFFF. */
function acceptEveryCharacterOfSqs(check: RegExp): void {
  check.test = (text) => /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text);
}

export function isFauxqsError(cause: unknown): cause is FauxqsError {
  return cause instanceof Error && 'queryErrorHeader' in cause;
}
