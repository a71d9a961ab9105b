import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { PutCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AccessKey } from '../../../cdk/local/aws/api.ts';
import { clientsOf, openClients, openLocalAws, stateDirectory } from './stack.ts';
import { MESSAGES } from './table-fixtures.ts';

interface Survivor {
  child: ChildProcess;
  url: string;
  queueUrl: string;
  credentials: AccessKey;
}

/** The services in a process of their own, on this state. */
async function startProcess(directory: string): Promise<Survivor> {
  const child = spawn(process.execPath, [new URL('survivor.ts', import.meta.url).pathname, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, ...(JSON.parse(line) as Omit<Survivor, 'child'>) };
}

async function kill({ child }: Survivor): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Runs `work` again and again in several lanes until it fails, that is until the process is dead. */
async function untilItDies(lanes: number, work: (lane: number, round: number) => Promise<unknown>): Promise<void> {
  const run = async (lane: number): Promise<void> => {
    for (let round = 0; ; round += 1) {
      try {
        await work(lane, round);
      } catch {
        return;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
}

/** Long enough to have done something, whatever else this machine does. */
const untilDone = (count: () => number, enough: number): Promise<void> =>
  expect.poll(count, { timeout: 10_000, interval: 7 }).toBeGreaterThan(enough);

describe('After SIGKILL', () => {
  test('a queue holds every message that was accepted and not deleted', async () => {
    const directory = stateDirectory();
    const survivor = await startProcess(directory);
    const { sqs } = clientsOf(survivor.url, survivor.credentials);
    const QueueUrl = survivor.queueUrl;
    const accepted = new Set<string>();
    const deleted = new Set<string>();
    const attempted = new Set<string>();
    const load = untilItDies(8, async (lane, round) => {
      const bodies = [0, 1, 2].map((index) => `${lane}-${round}-${index}`);
      const Entries = bodies.map((MessageBody, index) => ({ Id: `e${index}`, MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      for (const body of bodies) accepted.add(body);
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      for (const { Body = '', ReceiptHandle } of Messages) {
        attempted.add(Body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        deleted.add(Body);
      }
    });
    await untilDone(() => accepted.size, 300);
    await kill(survivor);
    await load;

    const next = await startProcess(directory);
    const again = clientsOf(next.url, next.credentials).sqs;
    const found = new Set<string>();
    for (;;) {
      const poll = new ReceiveMessageCommand({ QueueUrl: next.queueUrl, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await again.send(poll);
      if (Messages.length === 0) break;
      for (const { Body = '' } of Messages) found.add(Body);
    }
    expect([...accepted].filter((body) => !found.has(body) && !attempted.has(body))).toEqual([]);
    expect([...deleted].filter((body) => found.has(body))).toEqual([]);
  });

  test('every item is as its last stream record says, and as its index says', async () => {
    const directory = stateDirectory();
    const counts = new Map<string, number>();
    let done = 0;
    for (let round = 1; round <= 3; round += 1) {
      const survivor = await startProcess(directory);
      const { documents } = clientsOf(survivor.url, survivor.credentials);
      const load = untilItDies(16, async (lane) => {
        const messageId = `m${lane % 5}`;
        const { Attributes } = await documents.send(
          new UpdateCommand({
            TableName: 'Messages',
            Key: { messageId },
            UpdateExpression: 'SET dueAccount = :a, dueAt = if_not_exists(dueAt, :zero) + :one',
            ExpressionAttributeValues: { ':a': 'a', ':zero': 0, ':one': 1 },
            ReturnValues: 'UPDATED_NEW',
          }),
        );
        done += 1;
        counts.set(messageId, Math.max(counts.get(messageId) ?? 0, Number(Attributes?.dueAt)));
      });
      await untilDone(() => done, 100 * round);
      await kill(survivor);
      await load;
    }

    const aws = await openLocalAws({ stateDirectory: directory });
    await aws.tables.createTable(MESSAGES);
    const { documents } = await openClients(aws);
    const records = (await aws.tables.stream('Messages')?.read({ after: 'TRIM_HORIZON', limit: 1e6 })) ?? [];
    const last = new Map<string, unknown>();
    for (const { dynamodb } of records) {
      const id = (dynamodb.Keys.messageId as { S: string }).S;
      expect(dynamodb.OldImage).toEqual(last.get(id));
      last.set(id, dynamodb.NewImage);
    }
    const { Items = [] } = await documents.send(new ScanCommand({ TableName: 'Messages' }));
    const index = await documents.send(new ScanCommand({ TableName: 'Messages', IndexName: 'due' }));
    expect(Items).toHaveLength(5);
    expect(index.Items).toHaveLength(5);
    for (const item of Items) {
      const id = item.messageId as string;
      expect(item.dueAt).toBeGreaterThanOrEqual(counts.get(id) ?? 0);
      expect(last.get(id)).toMatchObject({ dueAt: { N: String(item.dueAt) } });
      expect(index.Items).toContainEqual({ messageId: id, dueAccount: 'a', dueAt: item.dueAt });
    }
  });

  test('an item that was never answered for is either there with its record, or not at all', async () => {
    const directory = stateDirectory();
    const survivor = await startProcess(directory);
    const { documents } = clientsOf(survivor.url, survivor.credentials);
    const accepted = new Set<string>();
    const load = untilItDies(16, async (lane, round) => {
      const messageId = `m${lane}-${round}`;
      await documents.send(new PutCommand({ TableName: 'Messages', Item: { messageId } }));
      accepted.add(messageId);
    });
    await untilDone(() => accepted.size, 200);
    await kill(survivor);
    await load;
    const aws = await openLocalAws({ stateDirectory: directory });
    await aws.tables.createTable(MESSAGES);
    const records = (await aws.tables.stream('Messages')?.read({ after: 'TRIM_HORIZON', limit: 1e6 })) ?? [];
    const recorded = new Set(records.map(({ dynamodb }) => (dynamodb.Keys.messageId as { S: string }).S));
    const { Items = [] } = await (await openClients(aws)).documents.send(new ScanCommand({ TableName: 'Messages' }));
    expect(new Set(Items.map((item) => item.messageId as string))).toEqual(recorded);
    expect([...accepted].filter((id) => !recorded.has(id))).toEqual([]);
  });
});
