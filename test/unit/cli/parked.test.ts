import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ParkedChanges } from '../../../cli/dead-letters/parked.ts';
import { type AwsCall, type CallAws, signedCalls } from '../../../cli/stack/signed-call.ts';

const STREAM = 'arn:aws:dynamodb:ap-southeast-1:111111111111:table/Messages/stream/2026-11-23T00:00:00.000';
const SHARD = 'shardId-00000001700000000000-abcdef01';

interface Change {
  eventName: string;
  dynamodb: { SequenceNumber: string };
}

/** What Lambda puts into a parking queue. */
function parked(first: number, last = first): string {
  return JSON.stringify({
    requestContext: {
      functionArn: 'arn:aws:lambda:ap-southeast-1:111111111111:function:bindery-publish:$LATEST',
      condition: 'RetryAttemptsExhausted',
    },
    version: '1.0',
    DDBStreamBatchInfo: {
      shardId: SHARD,
      startSequenceNumber: String(first),
      endSequenceNumber: String(last),
      batchSize: last - first + 1,
      streamArn: STREAM,
    },
  });
}

/** A stream of which a page has three changes, and a function. */
class Aws {
  /** Changes from here on; others are a day old. */
  readonly kept: number;
  readonly last = 20;
  calls: AwsCall[] = [];
  /** Sequence numbers that the function was called with. */
  given: string[][] = [];
  failing = new Set<string>();
  dies = false;
  refuses = '';

  constructor(kept = 1) {
    this.kept = kept;
  }

  get call(): CallAws {
    return async (call) => {
      this.calls.push(call);
      const { status, body, headers } = this.#answer(call);
      return await Promise.resolve({ status, body, headers: new Headers(headers) });
    };
  }

  #answer({ path, headers = {}, body = '{}' }: AwsCall): {
    status: number;
    body: unknown;
    headers?: Record<string, string>;
  } {
    const input = JSON.parse(body) as Record<string, string>;
    const action = headers['x-amz-target']?.split('.')[1] ?? path.split('/')[2];
    if (action !== undefined && action === this.refuses) {
      return { status: 400, body: { __type: 'com.amazon.coral.service#AccessDeniedException' } };
    }
    if (action === 'GetShardIterator') {
      expect(input).toMatchObject({ StreamArn: STREAM, ShardId: SHARD, ShardIteratorType: 'AT_SEQUENCE_NUMBER' });
      if (Number(input['SequenceNumber']) >= this.kept) {
        return { status: 200, body: { ShardIterator: input['SequenceNumber'] } };
      }
      return { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException' } };
    }
    if (action === 'GetRecords') {
      const from = Number(input['ShardIterator']);
      const numbers = [from, from + 1, from + 2].filter((number) => number <= this.last);
      return { status: 200, body: { Records: numbers.map(change), NextShardIterator: String(from + 3) } };
    }
    if (action === 'event-source-mappings') {
      const Filters = [{ Pattern: JSON.stringify({ eventName: ['INSERT', 'MODIFY'] }) }];
      return { status: 200, body: { EventSourceMappings: [{ FilterCriteria: { Filters } }] } };
    }
    expect(path).toBe('/2015-03-31/functions/bindery-publish/invocations');
    const { Records } = input as unknown as { Records: (Change & { eventSourceARN: string })[] };
    expect(new Set(Records.map(({ eventSourceARN }) => eventSourceARN))).toEqual(new Set([STREAM]));
    const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    this.given.push(numbers);
    if (this.dies)
      return { status: 200, body: { errorMessage: 'x' }, headers: { 'x-amz-function-error': 'Unhandled' } };
    const failures = numbers.filter((number) => this.failing.has(number));
    return { status: 200, body: { batchItemFailures: failures.map((itemIdentifier) => ({ itemIdentifier })) } };
  }
}

/** Each fourth is of a kind that the trigger does not let through. */
function change(number: number): Change {
  return { eventName: number % 4 === 0 ? 'REMOVE' : 'MODIFY', dynamodb: { SequenceNumber: String(number) } };
}

describe('a change that a function could not work on', () => {
  test('is read from the stream by its place, and given to that function', async () => {
    const aws = new Aws();
    expect(await new ParkedChanges(aws.call).bringAgain(parked(5))).toEqual({ kind: 'done' });
    expect(aws.given).toEqual([['5']]);
    expect(new Set(aws.calls.map(({ endpoint }) => endpoint))).toEqual(
      new Set(['https://streams.dynamodb.ap-southeast-1.amazonaws.com', 'https://lambda.ap-southeast-1.amazonaws.com']),
    );
  });

  test('comes with all that were parked with it, over the pages of the stream, and without what its trigger leaves out', async () => {
    const aws = new Aws();
    const changes = new ParkedChanges(aws.call);
    expect(await changes.bringAgain(parked(2, 9))).toEqual({ kind: 'done' });
    expect(await changes.bringAgain(parked(10))).toEqual({ kind: 'done' });
    expect(aws.given).toEqual([['2', '3', '5', '6', '7', '9'], ['10']]);
    expect(aws.calls.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  test('is compared by the number of its place, which is longer than numbers here are exact', async () => {
    const aws = new Aws();
    const numbers = ['9007199254740993000000', '9007199254740993000001', '9007199254740993000002'];
    const records = numbers.map((SequenceNumber) => ({ eventName: 'INSERT', dynamodb: { SequenceNumber } }));
    const call: CallAws = async (asked) =>
      asked.headers?.['x-amz-target']?.endsWith('GetRecords') === true
        ? { status: 200, headers: new Headers(), body: { Records: records } }
        : await aws.call(asked);
    const [first = '', second = ''] = numbers;
    const place = parked(1, 2).replace('"1"', `"${first}"`).replace('"2"', `"${second}"`);
    expect(await new ParkedChanges(call).bringAgain(place)).toEqual({ kind: 'done' });
    expect(aws.given).toEqual([[first, second]]);
  });

  test.each([
    ['reports it again', (aws: Aws) => aws.failing.add('5')],
    ['dies of it', (aws: Aws) => (aws.dies = true)],
  ])('is not done where the function %s', async (_how, breakIt) => {
    const aws = new Aws();
    breakIt(aws);
    expect(await new ParkedChanges(aws.call).bringAgain(parked(5))).toEqual({ kind: 'failed' });
  });

  test('is gone after a day, and a body that does not say which change it is of is no place', async () => {
    const aws = new Aws(6);
    const changes = new ParkedChanges(aws.call);
    expect(await changes.bringAgain(parked(5))).toEqual({ kind: 'gone' });
    expect(await changes.bringAgain(parked(21))).toEqual({ kind: 'gone' });
    for (const body of ['hello', '[]', '{"table":"Messages","event":"MODIFY","keys":{},"sequence_number":"5"}'])
      expect(await changes.bringAgain(body)).toEqual({ kind: 'no_place' });
    expect(aws.given).toEqual([]);
  });

  test.each(['GetShardIterator', 'GetRecords', 'event-source-mappings', 'functions'])(
    'stays where it is when AWS refuses %s, and who asked is told what he lacks',
    async (action) => {
      const aws = new Aws();
      aws.refuses = action;
      await expect(new ParkedChanges(aws.call).bringAgain(parked(5))).rejects.toMatchObject({
        code: 'aws_refused',
        message: expect.stringMatching(/^AWS refuses (dynamodb|lambda):\w+ \(AccessDeniedException\)$/) as string,
      });
      expect(aws.given).toEqual([]);
    },
  );
});

test('a service without a client is called under the signature of the SDK, and one that is away is named', async () => {
  const seen: { url: string | undefined; authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.push({ url: request.url, authorization: request.headers.authorization, body });
      response.end('{"answer":1}');
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
  const call = signedCalls(new SQSClient({ region: 'eu-west-1', credentials }));
  const asked = { service: 'lambda', endpoint, region: 'ap-southeast-1', method: 'POST', path: '/a/b' } as const;
  const answer = await call({ ...asked, query: { of: STREAM }, body: '{}' });
  expect(answer).toMatchObject({ status: 200, body: { answer: 1 } });
  const scope =
    /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/ap-southeast-1\/lambda\/aws4_request, .*SignedHeaders=.*host/;
  expect(seen).toMatchObject([{ url: `/a/b?of=${encodeURIComponent(STREAM)}`, body: '{}' }]);
  expect(seen[0]?.authorization).toMatch(scope);
  await expect(call({ ...asked, endpoint: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'aws_unreachable' });
});
