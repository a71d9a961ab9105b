import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { afterAll } from 'vitest';
import { LeaseStore } from '../../../binder/lease/lease-store.ts';
import type { LocalAws, TableProperties } from '../../../cdk/local/aws/api.ts';
import { REGION } from '../../../cdk/local/aws/arn.ts';
import { startLocalAws } from '../../../cdk/local/aws/start.ts';
import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import { joinInbound } from '../../../functions/middleware/join-inbound.ts';
import { imagesOf } from '../../../functions/middleware/stream-record.ts';
import { LANES, type Lane } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { LaneQueues } from '../../../shared/queue/lanes.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { InboundStore } from '../../../shared/store/inbound.ts';
import { fromItem, MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore, type ReceiptTableRow } from '../../../shared/store/receipts.ts';
import { quietLog } from '../../fixtures/log.ts';
import { ParkedList } from '../../fixtures/parked.ts';

/** Long enough for any part to come in a test. */
const PARTS_WITHIN_MS = 600_000;

const key = (AttributeName: string, KeyType: 'HASH' | 'RANGE') => ({ AttributeName, KeyType });
const text = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });

const TABLES: TableProperties[] = [
  {
    TableName: 'Messages',
    AttributeDefinitions: [text('messageId')],
    KeySchema: [key('messageId', 'HASH')],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
  {
    TableName: 'Receipts',
    AttributeDefinitions: [text('key'), text('row')],
    KeySchema: [key('key', 'HASH'), key('row', 'RANGE')],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  },
  {
    TableName: 'Control',
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: [key('pk', 'HASH'), key('sk', 'RANGE')],
  },
];

/** What the binder works on: real tables, queues and streams in this process, and the function that applies receipts. */
export interface Stores {
  messages: MessageStore;
  receipts: ReceiptStore;
  histories: HistoryStore;
  optOuts: OptOutStore;
  leases: LeaseStore;
  sqs: SQSClient;
  lanes: LaneQueues;
  queueUrl: (account: string, lane: Lane) => string;
  /** Every message as its last change left it: the stream of the table says it, so nobody has to ask all the time. */
  latest: ReadonlyMap<string, Message>;
  makeLanes(account: string): Promise<void>;
  /** Queue messages of an account that nobody is done with, in hand or not. */
  waiting(account: string): Promise<number>;
  receiptRows(account: string): Promise<ReceiptTableRow[]>;
}

/** One for each test file, gone when it has finished. */
export async function openStores(): Promise<Stores> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-misbehaviour-'));
  const aws = await startLocalAws({ stateDirectory });
  const ended = new AbortController();
  const configuration = { endpoint: aws.url, region: REGION, credentials: aws.registerCaller({ program: 'Test' }) };
  const sqs = new SQSClient({ ...configuration, requestHandler: { httpAgent: { maxSockets: 200 } } });
  const dynamodb = new DynamoDBClient({ ...configuration, requestHandler: { httpAgent: { maxSockets: 200 } } });
  const document = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const following: Promise<void>[] = [];
  afterAll(async () => {
    ended.abort();
    await Promise.all(following);
    sqs.destroy();
    dynamodb.destroy();
    await aws.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  });
  for (const table of TABLES) await aws.tables.createTable(table);

  const urlPattern = `${aws.url}/000000000000/{account}-{lane}`;
  const queueUrl = (account: string, lane: Lane): string => `${aws.url}/000000000000/${account}-${lane}`;
  const messages = new MessageStore(document, 'Messages');
  const receipts = new ReceiptStore(document, 'Receipts');
  const inbound = new InboundStore(document, 'Receipts');
  const optOuts = new OptOutStore(document, 'Control');
  const latest = new Map<string, Message>();
  const matchings = new Matchings({ receipts, configured: () => 'match_any', now: Date.now });
  const apply = applyReceiptsHandler({
    messages,
    receipts,
    matchings,
    inbound: {
      message: () => Promise.resolve(),
      part: async (part) => await joinInbound(part, PARTS_WITHIN_MS, { inbound, now: Date.now }),
    },
    tellUnheardOf: () => undefined,
    parked: new ParkedList(),
    log: quietLog(),
    now: Date.now,
  });
  const follow = (table: string, work: (records: DynamoDBRecord[]) => Promise<void>) =>
    following.push(followStream(aws, { table, signal: ended.signal, work }));
  follow('Receipts', async (Records) => {
    const { batchItemFailures } = await apply({ Records });
    if (batchItemFailures.length > 0) throw new Error('apply-receipts failed');
  });
  follow('Messages', async (records) => {
    for (const record of records) {
      const message = fromItem(imagesOf(record).after);
      latest.set(message.messageId, message);
    }
  });

  return {
    messages,
    receipts,
    histories: new HistoryStore(document, 'Control'),
    optOuts,
    leases: new LeaseStore(document, 'Control'),
    sqs,
    lanes: new LaneQueues(sqs, urlPattern),
    queueUrl,
    latest,
    makeLanes: async (account) => {
      for (const lane of LANES) await aws.queues.createQueue({ name: `${account}-${lane}` });
    },
    waiting: async (account) => {
      const counts = await Promise.all(LANES.map((lane) => countOf(sqs, queueUrl(account, lane))));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    receiptRows: async (account) => {
      const { Items = [] } = await document.send(new ScanCommand({ TableName: 'Receipts', ConsistentRead: true }));
      return (Items as ReceiptTableRow[]).filter((row) => row.account === account);
    },
  };
}

/** Hands on the records of a stream in order, as a trigger would. */
async function followStream(
  aws: LocalAws,
  options: { table: string; signal: AbortSignal; work: (records: DynamoDBRecord[]) => Promise<void> },
): Promise<void> {
  const { table, signal, work } = options;
  const stream = aws.tables.stream(table);
  if (stream === undefined) throw new Error(`${table} has no stream`);
  for (let after = 'TRIM_HORIZON'; !signal.aborted; ) {
    if (!(await stream.waitForRecords(after, { timeoutMs: 60_000, signal }))) continue;
    const records = await stream.read({ after });
    await work(records as DynamoDBRecord[]);
    after = records.at(-1)?.dynamodb.SequenceNumber ?? after;
  }
}

async function countOf(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } =
    Attributes;
  const counts = [
    ApproximateNumberOfMessages,
    ApproximateNumberOfMessagesNotVisible,
    ApproximateNumberOfMessagesDelayed,
  ];
  return counts.reduce((sum, count) => sum + Number(count), 0);
}
