import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { linesOf, runStack, until } from '../../fixtures/running-stack.ts';
import { getAtt, lambda, ref, type SmallAssembly, streamingTable } from '../../fixtures/small-assembly.ts';

/** Writes the bodies of each batch, and reports those that say `fail` until they were seen `attempts` times. */
const QUEUE_READER = `
export const handler = async ({ Records }) => {
  const bodies = Records.map(({ body }) => JSON.parse(body));
  console.log(JSON.stringify({ bodies, counts: Records.map((r) => Number(r.attributes.ApproximateReceiveCount)) }));
  if (bodies.some(({ explode }) => explode)) throw new Error('exploded');
  return { batchItemFailures: Records.filter((_, i) => bodies[i].fail).map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

interface QueueBatch {
  bodies: { n: number }[];
  counts: number[];
}

function queueStack(mapping: Record<string, unknown> = {}, queue: Record<string, unknown> = {}): SmallAssembly {
  return {
    functions: { reader: QUEUE_READER },
    resources: {
      Reader: lambda('reader'),
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Work: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'work',
          VisibilityTimeout: 2,
          RedrivePolicy: { deadLetterTargetArn: getAtt('Dead'), maxReceiveCount: 2 },
          ...queue,
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: getAtt('Work'),
          FunctionName: ref('Reader'),
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ...mapping,
        },
      },
    },
  };
}

describe('the trigger of a queue', () => {
  test('deletes what was done, and brings only the reported message again, until it is dead', async () => {
    await using running = await runStack(queueStack({ BatchSize: 10, MaximumBatchingWindowInSeconds: 1 }));

    for (const n of [1, 2, 3]) await running.send('work', { n, fail: n === 2 });

    const [dead] = await until('the dead letter', () => running.receive('dead'));
    const batches = linesOf<QueueBatch>(running.seen, 'Reader');
    expect(JSON.parse(dead!.body)).toEqual({ n: 2, fail: true });
    expect(batches.flatMap(({ bodies }) => bodies.map(({ n }) => n)).sort((left, right) => left - right)).toEqual([
      1, 2, 2, 3,
    ]);
    expect(await running.receive('work')).toEqual([]);
  });

  test('brings a whole batch again when the function throws', async () => {
    await using running = await runStack(queueStack({ MaximumBatchingWindowInSeconds: 1 }));

    await running.send('work', { n: 1 });
    await running.send('work', { n: 2, explode: true });

    await until('a dead letter', () => running.receive('dead'));
    const counts = linesOf<QueueBatch>(running.seen, 'Reader').map(({ counts: of }) => Math.max(...of));
    expect(Math.max(...counts)).toBe(2);
    const failed = running.seen.filter((o) => o.kind === 'invocation' && o.outcome === 'failed');
    expect(failed.length).toBeGreaterThan(0);
  });

  test('keeps to its batch size and drops what its filter does not want', async () => {
    const FilterCriteria = { Filters: [{ Pattern: JSON.stringify({ body: { n: [{ numeric: ['<', 5] }] } }) }] };
    await using running = await runStack(queueStack({ BatchSize: 2, FilterCriteria }));

    for (const n of [1, 2, 3, 4, 5, 6]) await running.send('work', { n });

    await until('four records', () => linesOf<QueueBatch>(running.seen, 'Reader').flatMap((b) => b.bodies).length >= 4);
    const batches = linesOf<QueueBatch>(running.seen, 'Reader');
    expect(batches.flatMap(({ bodies }) => bodies.map(({ n }) => n)).sort((left, right) => left - right)).toEqual([
      1, 2, 3, 4,
    ]);
    expect(Math.max(...batches.map(({ bodies }) => bodies.length))).toBeLessThanOrEqual(2);
    await until('the queue is empty', async () => (await running.receive('work')).length === 0);
  });
});

/** Writes the ids of each batch; throws when one of them is `poison`, or reports it when POISON=report. */
const STREAM_READER = `
export const handler = async ({ Records }) => {
  const ids = Records.map(({ dynamodb }) => dynamodb.Keys.id.S);
  console.log(JSON.stringify({ ids, names: Records.map((r) => r.eventName), news: Records.map((r) => r.dynamodb.NewImage?.n?.S) }));
  const poison = Records.findIndex(({ dynamodb }) => dynamodb.Keys.id.S === 'poison');
  if (poison < 0) return;
  if (process.env.POISON === 'throw') throw new Error('poisoned');
  return { batchItemFailures: [{ itemIdentifier: Records[poison].dynamodb.SequenceNumber }] };
};`;

interface StreamBatch {
  ids: string[];
  news: string[];
}

function streamStack(mapping: Record<string, unknown>, poison = 'throw'): SmallAssembly {
  return {
    functions: { reader: STREAM_READER },
    resources: {
      Table: streamingTable(),
      Parked: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'parked' } },
      Reader: lambda('reader', { Environment: { Variables: { POISON: poison } } }),
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: getAtt('Table', 'StreamArn'),
          FunctionName: getAtt('Reader'),
          StartingPosition: 'TRIM_HORIZON',
          DestinationConfig: { OnFailure: { Destination: getAtt('Parked') } },
          ...mapping,
        },
      },
    },
  };
}

const TABLE = 'small-Table';

async function parked(running: { receive: (queue: string) => Promise<{ body: string }[]> }) {
  const [message] = await until('a parked record', () => running.receive('parked'));
  return JSON.parse(message!.body) as Record<string, Record<string, unknown>>;
}

describe('the trigger of a table', () => {
  test('halves a failing batch until the poison is alone, parks it with where it stands, and goes on', async () => {
    await using running = await runStack(
      streamStack({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, MaximumBatchingWindowInSeconds: 1 }),
    );

    for (const id of ['a', 'b', 'poison', 'c', 'd']) await running.put(TABLE, { id });

    const record = await parked(running);
    expect(record['requestContext']).toMatchObject({ condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 });
    expect(record['DDBStreamBatchInfo']).toMatchObject({ batchSize: 1 });
    expect(record['DDBStreamBatchInfo']!['startSequenceNumber']).toMatch(/^\d{21}$/);
    await until('d is done', () =>
      linesOf<StreamBatch>(running.seen, 'Reader').some(({ ids }) => ids.join() === 'c,d'),
    );
    expect(running.seen).toContainEqual(
      expect.objectContaining({ kind: 'parked', records: 1, condition: 'RetryAttemptsExhausted' }),
    );
  });

  test('restarts from the record that the function reported, and not before it', async () => {
    await using running = await runStack(
      streamStack(
        {
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 0,
          MaximumBatchingWindowInSeconds: 1,
        },
        'report',
      ),
    );

    for (const id of ['a', 'b', 'poison', 'c']) await running.put(TABLE, { id });

    await parked(running);
    const batches = await until('c is done', () => {
      const all = linesOf<StreamBatch>(running.seen, 'Reader').map(({ ids }) => ids.join());
      return all.at(-1) === 'c' && all;
    });
    expect(batches.filter((ids) => ids.includes('a'))).toHaveLength(1);
    expect(batches).toContain('poison,c');
  });

  test('sees only what its filter wants, with the image of the item', async () => {
    const Pattern = JSON.stringify({ eventName: ['INSERT'], dynamodb: { NewImage: { n: { S: ['yes'] } } } });
    await using running = await runStack(streamStack({ FilterCriteria: { Filters: [{ Pattern }] } }));

    await running.put(TABLE, { id: 'a', n: 'no' });
    await running.put(TABLE, { id: 'b', n: 'yes' });
    await running.put(TABLE, { id: 'b', n: 'yes' });
    await running.put(TABLE, { id: 'c', n: 'yes' });

    await until('c', () => linesOf<StreamBatch>(running.seen, 'Reader').some(({ ids }) => ids.includes('c')));
    expect(linesOf<StreamBatch>(running.seen, 'Reader').flatMap(({ ids }) => ids)).toEqual(['b', 'c']);
  });

  test('keeps the changes of one item in order when it works on several at a time', async () => {
    await using running = await runStack(streamStack({ ParallelizationFactor: 4, BatchSize: 3 }));

    for (let n = 0; n < 40; n += 1) await running.put(TABLE, { id: `item-${n % 4}`, n: String(n) });

    const batches = await until('all records', () => {
      const all = linesOf<StreamBatch>(running.seen, 'Reader');
      return all.flatMap(({ ids }) => ids).length === 40 && all;
    });
    const changes = batches.flatMap(({ ids, news }) => ids.map((id, index) => ({ id, n: Number(news[index]) })));
    for (const id of ['item-0', 'item-1', 'item-2', 'item-3']) {
      const order = changes.filter((change) => change.id === id).map(({ n }) => n);
      expect(order).toEqual(order.toSorted((left, right) => left - right));
    }
  });

  test('goes on after a restart where it stopped', async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-restart-'));
    onTestFinished(() => rmSync(stateDirectory, { recursive: true, force: true }));
    const small = streamStack({});
    const first = await runStack(small, { stateDirectory });
    await first.put(TABLE, { id: 'a' });
    await until('a', () => linesOf<StreamBatch>(first.seen, 'Reader').some(({ ids }) => ids.includes('a')));
    await first.stop();

    await using second = await runStack(small, { stateDirectory });
    await second.put(TABLE, { id: 'b' });
    await until('b', () => linesOf<StreamBatch>(second.seen, 'Reader').some(({ ids }) => ids.includes('b')));

    expect(linesOf<StreamBatch>(second.seen, 'Reader').flatMap(({ ids }) => ids)).toEqual(['b']);
  });
});
