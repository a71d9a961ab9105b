import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { awsEndpoint, type CallAws } from '../stack/signed-call.ts';
import { errorOf, readAnswer } from './aws-answer.ts';
import type { ParkedPlace } from './parked-place.ts';

/** As the stream gives it and a function takes it. */
export type StreamRecord = z.output<typeof recordSchema>;
const recordSchema = z.looseObject({
  dynamodb: z.looseObject({ SequenceNumber: z.string(), Keys: z.record(z.string(), z.unknown()).optional() }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const recordsSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });
const shardSchema = z.object({
  ShardId: z.string(),
  SequenceNumberRange: z
    .object({ StartingSequenceNumber: z.string().optional(), EndingSequenceNumber: z.string().optional() })
    .optional(),
});
const streamSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(shardSchema).optional(),
    LastEvaluatedShardId: z.string().optional(),
  }),
});

/** Of a shard, a thousand changes each. What was parked together stands on the first of them. */
const MOST_PAGES = 20;
/** A day after they were written, and where a shard never had a number. */
const NOT_THERE: ReadonlySet<string> = new Set([
  'TrimmedDataAccessException',
  'ResourceNotFoundException',
  'ValidationException',
]);

interface Part {
  shardId: string;
  /** Sequence numbers. */
  first: string;
  last: string;
}

/** Reads the stream of a table, which has what was written in the last day. */
export class TableStream {
  readonly #call: CallAws;
  readonly #endpoint: string;
  readonly #region: string;
  readonly #arn: string;

  /** @param endpoint of all services, in place of those of AWS */
  constructor(call: CallAws, { region, streamArn }: Pick<ParkedPlace, 'region' | 'streamArn'>, endpoint?: string) {
    this.#call = call;
    this.#endpoint = endpoint ?? awsEndpoint('streams.dynamodb', region);
    this.#region = region;
    this.#arn = streamArn;
  }

  /**
   * @returns undefined where the stream has them no more
   * @throws CliError where AWS refuses
   */
  async read(changes: ParkedPlace['changes']): Promise<StreamRecord[] | undefined> {
    return changes.kind === 'in_shard' ? await this.#part(changes) : await this.#one(changes);
  }

  /** From the first to the last; undefined where the first is not there. */
  async #part({ shardId: ShardId, first: SequenceNumber, last }: Part): Promise<StreamRecord[] | undefined> {
    const start = { StreamArn: this.#arn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber };
    const records: StreamRecord[] = [];
    let iterator = (await this.#ask('GetShardIterator', start, iteratorSchema))?.ShardIterator;
    for (let page = 0; page < MOST_PAGES && iterator !== undefined; page += 1) {
      const read = await this.#ask('GetRecords', { ShardIterator: iterator, Limit: 1_000 }, recordsSchema);
      if (read === undefined) return undefined;
      for (const record of read.Records) {
        const left = BigInt(last) - BigInt(record.dynamodb.SequenceNumber);
        if (left >= 0n) records.push(record);
        if (left <= 0n) return records;
      }
      iterator = read.NextShardIterator ?? undefined;
    }
    return undefined;
  }

  /** In each shard that may have the number; another item's change may have the same one elsewhere. */
  async #one({
    sequenceNumber,
    keys,
  }: Extract<ParkedPlace['changes'], { kind: 'one' }>): Promise<StreamRecord[] | undefined> {
    for (const shardId of await this.#shardsAround(BigInt(sequenceNumber))) {
      const records = (await this.#part({ shardId, first: sequenceNumber, last: sequenceNumber })) ?? [];
      const found = records.filter(
        ({ dynamodb }) => dynamodb.SequenceNumber === sequenceNumber && isDeepStrictEqual(dynamodb.Keys, keys),
      );
      if (found.length > 0) return found;
    }
    return undefined;
  }

  async #shardsAround(number: bigint): Promise<string[]> {
    const around: string[] = [];
    let last: string | undefined;
    do {
      const input = { StreamArn: this.#arn, ...(last === undefined ? {} : { ExclusiveStartShardId: last }) };
      const { Shards = [], LastEvaluatedShardId } =
        (await this.#ask('DescribeStream', input, streamSchema))?.StreamDescription ?? {};
      around.push(...Shards.filter((shard) => mayHave(shard, number)).map(({ ShardId }) => ShardId));
      last = LastEvaluatedShardId;
    } while (last !== undefined);
    return around;
  }

  /** @returns undefined where what is asked for is not there */
  async #ask<T>(action: string, input: object, schema: z.ZodType<T>): Promise<T | undefined> {
    const answer = await this.#call({
      service: 'dynamodb',
      endpoint: this.#endpoint,
      region: this.#region,
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDBStreams_20120810.${action}` },
      body: JSON.stringify(input),
    });
    return NOT_THERE.has(errorOf(answer)) ? undefined : readAnswer(answer, schema, `dynamodb:${action}`);
  }
}

/** A shard that still takes changes has no end. */
function mayHave({ SequenceNumberRange: range = {} }: z.output<typeof shardSchema>, number: bigint): boolean {
  const { StartingSequenceNumber: start, EndingSequenceNumber: end } = range;
  return (start === undefined || BigInt(start) <= number) && (end === undefined || number <= BigInt(end));
}
