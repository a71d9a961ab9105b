import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { PoisonRecord } from '../../../functions/middleware/batch.ts';
import { workOnRecords } from '../../../functions/middleware/parked-records.ts';
import { quietLog } from '../../fixtures/log.ts';
import { ParkedList } from '../../fixtures/parked.ts';

const NOW = 1_800_000_000_000;
const MINUTE_S = 60;

function record(number: string, ageSeconds: number): DynamoDBRecord {
  return { dynamodb: { SequenceNumber: number, ApproximateCreationDateTime: NOW / 1000 - ageSeconds } };
}

async function work(records: DynamoDBRecord[], error: Error, parked = new ParkedList()) {
  const result = await workOnRecords(records, { parked, log: quietLog(), now: () => NOW }, () => Promise.reject(error));
  return { result, parked: parked.letters.map(([number]) => number) };
}

describe('a record that cannot be parked', () => {
  class FullList extends ParkedList {
    override async park(): Promise<void> {
      await Promise.reject(new Error('the queue does not answer'));
    }
  }

  test('comes again, and fails the whole call once that has lasted for five minutes', async () => {
    const poison = new PoisonRecord('it is no message');
    const { result } = await work([record('1', 4 * MINUTE_S), record('2', 3 * MINUTE_S)], poison, new FullList());
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    await expect(work([record('1', 6 * MINUTE_S)], poison, new FullList())).rejects.toThrow('1 records have failed');
  });
});

describe('ten minutes after its change', () => {
  const old = record('1', 11 * MINUTE_S);

  test('a record is parked for a fault of ours, and for a request that the table will never take', async () => {
    expect((await work([old], new TypeError('x'))).parked).toEqual(['1']);
    const refused = Object.assign(new Error('x'), { name: 'ValidationException', $metadata: {} });
    expect((await work([old], refused)).parked).toEqual(['1']);
  });

  // In an outage each change becomes as old as that.
  test('it is not for an answer that the SDK could make nothing of', async () => {
    const garbled = Object.assign(new TypeError('Cannot convert undefined or null to object'), { $metadata: {} });
    const parked = new ParkedList();
    await expect(work([old], garbled, parked)).rejects.toThrow('1 records have failed');
    expect(parked.letters).toEqual([]);
  });
});
