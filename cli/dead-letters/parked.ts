import * as z from 'zod';
import { compileFilterCriteria, type Matcher } from '../../cdk/local/aws/patterns.ts';
import { CliError } from '../failure.ts';
import { type AwsAnswer, awsEndpoint, type CallAws } from '../stack/signed-call.ts';

/** What Lambda parks of changes that a function did not manage in time: where they stand in a table's stream, not the changes. */
const parkedSchema = z.object({
  requestContext: z.object({ functionArn: z.string() }),
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
  }),
});
type ParkedPlace = z.output<typeof parkedSchema>['DDBStreamBatchInfo'] & { functionName: string; region: string };

export type BroughtAgain =
  | { kind: 'done' }
  /** The stream has them no more. */
  | { kind: 'gone' }
  /** The function does not manage it this time either. */
  | { kind: 'failed' }
  /** Not from Lambda: a function parks itself what no repetition helps, and does not know where that stood. */
  | { kind: 'no_place' };

/** As the stream gives it and a function takes it. */
type StreamRecord = z.output<typeof recordSchema>;
const recordSchema = z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) });
const iteratorSchema = z.object({ ShardIterator: z.string() });
const recordsSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });
const mappingsSchema = z.object({
  EventSourceMappings: z.array(
    z.object({ FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })) }).optional() }),
  ),
});
const resultSchema = z.object({ batchItemFailures: z.array(z.unknown()) });
const errorSchema = z.object({ __type: z.string() });

/** As many as a trigger gives a function at a time. */
const BATCH = 100;
/** Of a stream, a thousand changes each. What was parked together stands on the first of them. */
const MOST_PAGES = 20;
/** A day after they were written. */
const GONE = /TrimmedDataAccessException|ResourceNotFoundException/;

/** Gives functions once more what they could not work on, as long as its table's stream has it: a day. */
export class ParkedChanges {
  readonly #call: CallAws;
  readonly #endpoint: string | undefined;
  readonly #filters = new Map<string, Promise<Matcher>>();

  /** @param endpoint of all services, in place of those of AWS */
  constructor(call: CallAws, endpoint?: string) {
    this.#call = call;
    this.#endpoint = endpoint;
  }

  /**
   * Calls the function with the changes of one parked message. Where several were parked, others that stand between them come
   * again as well: all that follows from them has ids, and is known.
   * @throws CliError where AWS refuses
   */
  async bringAgain(body: string): Promise<BroughtAgain> {
    const place = placeOf(body);
    if (place === undefined) return { kind: 'no_place' };
    const records = await this.#records(place);
    if (records === undefined) return { kind: 'gone' };
    const matches = await this.#filterOf(place);
    const wanted = records
      .map((record) => ({ ...record, eventSourceARN: place.streamArn }))
      .filter((record) => matches(record));
    for (let start = 0; start < wanted.length; start += BATCH) {
      if (!(await this.#invoke(place, wanted.slice(start, start + BATCH)))) return { kind: 'failed' };
    }
    return { kind: 'done' };
  }

  /** The changes from the first to the last that was parked; undefined where the stream has the first of them no more. */
  async #records(place: ParkedPlace): Promise<StreamRecord[] | undefined> {
    const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber, endSequenceNumber } = place;
    const start = { StreamArn, ShardId, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber };
    const records: StreamRecord[] = [];
    let iterator = (await this.#stream(place, 'GetShardIterator', start, iteratorSchema))?.ShardIterator;
    for (let page = 0; page < MOST_PAGES && iterator !== undefined; page += 1) {
      const read = await this.#stream(place, 'GetRecords', { ShardIterator: iterator, Limit: 1_000 }, recordsSchema);
      if (read === undefined) return undefined;
      for (const record of read.Records) {
        const left = BigInt(endSequenceNumber) - BigInt(record.dynamodb.SequenceNumber);
        if (left >= 0n) records.push(record);
        if (left <= 0n) return records;
      }
      iterator = read.NextShardIterator ?? undefined;
    }
    return undefined;
  }

  /** @returns undefined where what is asked for is gone */
  async #stream<T>(
    { region }: ParkedPlace,
    action: string,
    input: object,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    const answer = await this.#call({
      service: 'dynamodb',
      endpoint: this.#endpoint ?? awsEndpoint('streams.dynamodb', region),
      region,
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDBStreams_20120810.${action}` },
      body: JSON.stringify(input),
    });
    if (GONE.test(errorOf(answer))) return undefined;
    return read(answer, schema, `dynamodb:${action}`);
  }

  /** Which changes the function's trigger lets through: it knows nothing of the others. */
  async #filterOf(place: ParkedPlace): Promise<Matcher> {
    const name = `${place.functionName} ${place.streamArn}`;
    const known = this.#filters.get(name) ?? this.#askFilter(place);
    this.#filters.set(name, known);
    return await known;
  }

  async #askFilter({ functionName: FunctionName, streamArn: EventSourceArn, region }: ParkedPlace): Promise<Matcher> {
    const answer = await this.#call({
      ...this.#lambda(region),
      method: 'GET',
      path: '/2015-03-31/event-source-mappings/',
      query: { EventSourceArn, FunctionName },
    });
    const { EventSourceMappings: mappings } = read(answer, mappingsSchema, 'lambda:ListEventSourceMappings');
    return compileFilterCriteria(mappings[0]?.FilterCriteria);
  }

  /** @returns whether it managed all of them */
  async #invoke({ functionName, region }: ParkedPlace, records: readonly StreamRecord[]): Promise<boolean> {
    const answer = await this.#call({
      ...this.#lambda(region),
      method: 'POST',
      path: `/2015-03-31/functions/${functionName}/invocations`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ Records: records }),
    });
    if (answer.headers.has('x-amz-function-error')) return false;
    return read(answer, resultSchema, 'lambda:InvokeFunction').batchItemFailures.length === 0;
  }

  #lambda(region: string) {
    return { service: 'lambda', endpoint: this.#endpoint ?? awsEndpoint('lambda', region), region } as const;
  }
}

function placeOf(body: string): ParkedPlace | undefined {
  let written: unknown;
  try {
    written = JSON.parse(body);
  } catch {
    return undefined;
  }
  const { data } = parkedSchema.safeParse(written);
  // arn:aws:lambda:REGION:ACCOUNT:function:NAME, perhaps with a version behind it
  const [, , , region, , , functionName] = data?.requestContext.functionArn.split(':') ?? [];
  if (data === undefined || region === undefined || functionName === undefined) return undefined;
  return { ...data.DDBStreamBatchInfo, functionName, region };
}

/** The name of an error; empty where it is none. */
function errorOf({ status, headers, body }: AwsAnswer): string {
  if (status < 300) return '';
  return headers.get('x-amzn-errortype') ?? errorSchema.safeParse(body).data?.__type ?? `HTTP ${status}`;
}

/** @throws CliError where it is an error, or not of that shape */
function read<T>(answer: AwsAnswer, schema: z.ZodType<T>, action: string): T {
  const { data } = schema.safeParse(answer.body);
  if (answer.status < 300 && data !== undefined) return data;
  const name = errorOf(answer).replace(/^.*#/, '').replace(/:.*$/, '');
  throw new CliError('aws_refused', `AWS refuses ${action} (${name || 'an answer that cannot be read'})`, {
    next: 'docs/cli.md has the rights that `dlq` needs.',
  });
}
