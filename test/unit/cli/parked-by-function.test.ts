import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { ParkedChanges } from '../../../cli/dead-letters/parked.ts';
import type { AwsCall, CallAws } from '../../../cli/stack/signed-call.ts';
import { ParkedRecords } from '../../../functions/middleware/parked-records.ts';

const STREAM = 'arn:aws:dynamodb:ap-southeast-1:111111111111:table/Receipts/stream/2026-11-23T00:00:00.000';

/** A change as the stream has it. */
function change(number: number, key: string): DynamoDBRecord {
  const dynamodb = { SequenceNumber: String(number), Keys: { key: { S: key }, row: { S: 'x' } } };
  return { eventName: 'INSERT', dynamodb: { ...dynamodb, NewImage: { ...dynamodb.Keys, text: { S: 'secret' } } } };
}

interface Shard {
  id: string;
  range?: { StartingSequenceNumber?: string; EndingSequenceNumber?: string };
  changes: DynamoDBRecord[];
}

/** What the function of this name writes of a change that it can do nothing with. */
async function parked(record: DynamoDBRecord): Promise<string> {
  const bodies: (string | undefined)[] = [];
  const send = (command: SendMessageCommand) => Promise.resolve(bodies.push(command.input.MessageBody));
  const records = new ParkedRecords(
    { send },
    {
      url: 'http://127.0.0.1:9/parked',
      functionName: 'bindery-apply',
    },
  );
  await records.park({ ...record, eventSourceARN: STREAM }, { reason: 'unreadable', detail: 'x' });
  return bodies[0] ?? '';
}

/** A stream of which a page of the description has two shards, and a function. */
function world(shards: readonly Shard[], { trimmed = new Set<string>() } = {}) {
  const given: unknown[] = [];
  const asked: string[] = [];
  const page = (from: number) => {
    const Shards = shards
      .slice(from, from + 2)
      .map(({ id, range }) => ({ ShardId: id, ...(range && { SequenceNumberRange: range }) }));
    const last = from + 2 < shards.length ? { LastEvaluatedShardId: Shards.at(-1)?.ShardId } : {};
    return { StreamDescription: { Shards, ...last } };
  };
  const recordsFrom = (id: string, from: number) => {
    const all = shards.find((shard) => shard.id === id)?.changes ?? [];
    return all.filter(({ dynamodb }) => Number(dynamodb?.SequenceNumber) >= from);
  };
  const answer = ({ path, headers = {}, body = '{}' }: AwsCall): { status?: number; body: unknown } => {
    const input = JSON.parse(body) as Record<string, string>;
    const { ShardId: id = '', ShardIterator: iterator = '', ExclusiveStartShardId: before } = input;
    const action = headers['x-amz-target']?.split('.')[1] ?? path.split('/')[2];
    if (action === 'DescribeStream') return { body: page(shards.findIndex((shard) => shard.id === before) + 1) };
    if (action === 'GetShardIterator') {
      asked.push(id);
      if (trimmed.has(id)) return { status: 400, body: { __type: 'x#TrimmedDataAccessException' } };
      return { body: { ShardIterator: `${id} ${input['SequenceNumber']}` } };
    }
    if (action === 'GetRecords') {
      const [shardId = '', from] = iterator.split(' ');
      return { body: { Records: recordsFrom(shardId, Number(from)) } };
    }
    if (action === 'event-source-mappings') {
      const Filters = [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }];
      return { body: { EventSourceMappings: [{ FilterCriteria: { Filters } }] } };
    }
    given.push([path, (input as unknown as { Records: unknown[] }).Records]);
    return { body: { batchItemFailures: [] } };
  };
  const call: CallAws = async (each) => await Promise.resolve({ status: 200, headers: new Headers(), ...answer(each) });
  return { given, asked, changes: new ParkedChanges(call) };
}

describe('a change that a function put aside itself', () => {
  const wanted = change(105, 'main#a1');
  const again = [['/2015-03-31/functions/bindery-apply/invocations', [{ ...wanted, eventSourceARN: STREAM }]]];

  test('is found by its number and its keys in the shards that may have it, and given to that function alone', async () => {
    const { given, asked, changes } = world([
      { id: 'before', range: { StartingSequenceNumber: '1', EndingSequenceNumber: '104' }, changes: [] },
      // Numbers belong to a shard: here another item's change has the same one.
      { id: 'same', range: { StartingSequenceNumber: '90' }, changes: [change(105, 'main#b2')] },
      { id: 'other', range: {}, changes: [change(107, 'main#c3')] },
      { id: 'after', range: { StartingSequenceNumber: '106' }, changes: [] },
      { id: 'its', range: { StartingSequenceNumber: '100', EndingSequenceNumber: '105' }, changes: [wanted] },
      { id: 'beyond', range: { StartingSequenceNumber: '100' }, changes: [wanted] },
    ]);
    expect(await changes.bringAgain(await parked(wanted))).toEqual({ kind: 'done' });
    expect(given).toEqual(again);
    expect(asked).toEqual(['same', 'other', 'its']);
  });

  test('is gone where no shard has it any more', async () => {
    const shards = [
      { id: 'old', changes: [wanted] },
      { id: 'open', changes: [change(106, 'main#a1')] },
    ];
    const { given, changes } = world(shards, { trimmed: new Set(['old']) });
    expect(await changes.bringAgain(await parked(wanted))).toEqual({ kind: 'gone' });
    expect(await world([]).changes.bringAgain(await parked(wanted))).toEqual({ kind: 'gone' });
    expect(given).toEqual([]);
  });

  test('of a kind that the trigger leaves out is no work for the function', async () => {
    const removed = { ...wanted, eventName: 'REMOVE' as const };
    const { given, changes } = world([{ id: 'its', changes: [removed] }]);
    expect(await changes.bringAgain(await parked(removed))).toEqual({ kind: 'done' });
    expect(given).toEqual([]);
  });

  test('says which it was and not what it said, and without its function cannot be put again', async () => {
    const body = JSON.parse(await parked(wanted)) as unknown;
    expect(body).toEqual({
      function: 'bindery-apply',
      stream: STREAM,
      table: 'Receipts',
      event: 'INSERT',
      keys: { key: { S: 'main#a1' }, row: { S: 'x' } },
      sequence_number: '105',
    });
    const { given, changes } = world([{ id: 'its', changes: [wanted] }]);
    const { function: _name, ...nameless } = body as { function: string };
    expect(await changes.bringAgain(JSON.stringify(nameless))).toEqual({ kind: 'no_place' });
    expect(given).toEqual([]);
  });
});
