import { describe, expect, test } from 'vitest';
import type { StreamRecord } from '../../../cdk/local/aws/call.ts';
import { deliverBatch, type StreamBatchPolicy } from '../../../cdk/local/triggers/stream-batch.ts';
import { StreamProgress } from '../../../cdk/local/triggers/stream-progress.ts';

const NOW = 1_000_000;

function record(id: string, ageMs = 0): StreamRecord {
  const dynamodb = { SequenceNumber: id, ApproximateCreationDateTime: (NOW - ageMs) / 1000, Keys: {} };
  return { dynamodb } as unknown as StreamRecord;
}

/** Delivers to a function that throws while a poisoned record is in the batch. */
async function deliver(
  ids: string[],
  given: Partial<StreamBatchPolicy>,
  poison: string[] = [],
  ages: Record<string, number> = {},
) {
  const invoked: string[] = [];
  const parked: string[] = [];
  const finished: string[] = [];
  const policy = { bisect: false, maximumRetries: 1, maximumAgeMs: Infinity, reportBatchItemFailures: false, ...given };
  const name = (records: readonly StreamRecord[]) => records.map(({ dynamodb }) => dynamodb.SequenceNumber).join('');
  await deliverBatch(
    ids.map((id) => record(id, ages[id])),
    {
      policy,
      invoke: (records) => {
        invoked.push(name(records));
        const failing = records.filter(({ dynamodb }) => poison.includes(dynamodb.SequenceNumber));
        if (failing.length === 0) return Promise.resolve({ kind: 'answered', payload: 'null' });
        if (!policy.reportBatchItemFailures) {
          return Promise.resolve({ kind: 'failed', error: { errorType: 'Error', errorMessage: 'poisoned' } });
        }
        const batchItemFailures = failing.map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber }));
        return Promise.resolve({ kind: 'answered', payload: JSON.stringify({ batchItemFailures }) });
      },
      park: (records, condition, invocations) => {
        parked.push(`${name(records)} ${condition} ${invocations}`);
        return Promise.resolve();
      },
      finish: (records) => {
        finished.push(name(records));
        return Promise.resolve();
      },
      nowEpochMs: () => NOW,
      signal: new AbortController().signal,
    },
  );
  return { invoked, parked, finished };
}

describe('a batch of stream records', () => {
  test('that fails is tried again as often as allowed, then given up as a whole', async () => {
    const { invoked, parked, finished } = await deliver(['a', 'b'], { maximumRetries: 2 }, ['b']);
    expect(invoked).toEqual(['ab', 'ab', 'ab']);
    expect(parked).toEqual(['ab RetryAttemptsExhausted 3']);
    expect(finished).toEqual(['ab']);
  });

  test('is halved down to the poison, which costs no attempt, and keeps its order', async () => {
    const { invoked, parked } = await deliver(['a', 'b', 'c', 'd'], { bisect: true, maximumRetries: 0 }, ['c']);
    expect(invoked).toEqual(['abcd', 'ab', 'cd', 'c', 'd']);
    expect(parked).toEqual(['c RetryAttemptsExhausted 1']);
  });

  test('restarts at the lowest reported record', async () => {
    const { invoked, parked, finished } = await deliver(['a', 'b', 'c'], { reportBatchItemFailures: true }, ['b', 'c']);
    expect(invoked).toEqual(['abc', 'bc']);
    expect(parked).toEqual(['bc RetryAttemptsExhausted 2']);
    expect(finished).toEqual(['a', 'bc']);
  });

  test('with reports and halving only the poison is given up', async () => {
    const policy = { reportBatchItemFailures: true, bisect: true, maximumRetries: 0 };
    const { parked, finished } = await deliver(['a', 'b', 'c', 'd'], policy, ['b']);
    expect(parked).toEqual(['b RetryAttemptsExhausted 1']);
    expect(
      finished
        .join('')
        .split('')
        .sort((x, y) => x.localeCompare(y))
        .join(''),
    ).toBe('abcd');
  });

  test('loses what is older than allowed before the function sees it', async () => {
    const { invoked, parked } = await deliver(['a', 'b'], { maximumAgeMs: 500 }, [], { a: 501, b: 499 });
    expect(parked).toEqual(['a RecordAgeExceeded 0']);
    expect(invoked).toEqual(['b']);
  });
});

describe('the progress of several batches at a time', () => {
  test('is up to the oldest record that is not done', () => {
    const progress = new StreamProgress(['1', '2', '3', '4']);
    expect(progress.finish(['2', '3'])).toBeUndefined();
    expect(progress.finish(['1'])).toBe('3');
    expect(progress.finish(['4'])).toBe('4');
  });
});
