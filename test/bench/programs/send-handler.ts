// The send function in this process, its tables and queues answering at once; and a handler that only reads the body and stores.

import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ulid } from 'ulid';
import { Idempotency } from '../../../functions/middleware/idempotency.ts';
import { KeyRing } from '../../../functions/middleware/key-ring.ts';
import { RateLimiter } from '../../../functions/middleware/rate-limit.ts';
import { type SendDependencies, sendHandler } from '../../../functions/send/handler.ts';
import { QuotaWatch } from '../../../functions/send/quota-watch.ts';
import { apiAccountSchema } from '../../../shared/config/environment.ts';
import { type ApiKey, formatKey, hashSecret } from '../../../shared/domain/api-key.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { IdempotencyStore } from '../../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../../shared/store/control-keys.ts';
import { RateStore } from '../../../shared/store/control-rates.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { accountLoad } from '../../fixtures/account-load.ts';
import { apiEvent, lambdaContext } from '../../fixtures/api-event.ts';
import { instantTables } from '../stage/instant-tables.ts';
import { serve } from '../stage/remote.ts';
import { SAMPLE } from '../stage/sample.ts';
import { quantile } from '../stage/spread.ts';

const SECRET = 'a-secret-of-256-random-bits-for-the-bench';
const KEY: ApiKey = {
  keyId: 'bench',
  name: 'bench',
  secretHash: hashSecret(SECRET),
  scopes: ['admin'],
  test: false,
  createdAt: 0,
  // Later than now, so that no use of it is ever noted.
  lastUsedAt: Number.MAX_SAFE_INTEGER,
};
const LANE = { defaultTtlSeconds: 3_600, unknownOutcome: 'hold' as const };
const ACCOUNT = apiAccountSchema.parse({
  name: 'bench',
  segmentsPerSecond: 10,
  segmentsPerDay: 1_000_000,
  lanes: { otp: LANE, transactional: LANE, bulk: LANE },
});

type Handler = (event: APIGatewayProxyEventV2) => Promise<{ statusCode?: number | undefined }>;
const document = instantTables({ ...KEY });
const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => log };

function send(): Handler {
  const now = Date.now;
  const dependencies: Omit<SendDependencies, 'batches' | 'feed' | 'messagesById' | 'newMessages' | 'newBatchId'> = {
    idempotency: new Idempotency({ records: new IdempotencyStore(document, 'Control'), newUlid: ulid, now, log }),
    rates: new RateLimiter({ rates: new RateStore(document, 'Control'), perSecond: 500, now, log }),
    keys: new KeyRing(new KeyStore(document, 'Control'), { now, log }),
    messages: new MessageStore(document, 'Messages'),
    optOuts: { among: async () => new Map() },
    loads: { load: async () => accountLoad({ bulk: 100 }, { at: Date.now() }), added: nothing },
    usage: new UsageStore(document, 'Control'),
    quotas: new QuotaWatch(new HistoryStore(document, 'Control'), log),
    lanes: { send: async () => undefined },
    accounts: [ACCOUNT],
    callbacks: { hosts: [], loopbackAllowed: false },
    newMessageId: (at) => `msg_${ulid(at)}`,
    log,
    now,
  };
  // No batch is sent here.
  const handler = sendHandler(dependencies as SendDependencies);
  return async (event) => await handler(event, lambdaContext());
}

/** What any handler has to do. */
function plain(): Handler {
  return async ({ body = '' }) => {
    const message = { ...(JSON.parse(body) as object), messageId: `msg_${ulid()}` };
    await document.send(new PutCommand({ TableName: 'Messages', Item: message }));
    return { statusCode: 202, body: JSON.stringify(message) };
  };
}

export interface HandlerSpeed {
  p50Ms: number;
  p99Ms: number;
  /** Allocated in a call. */
  kib: number;
}

async function measure({
  which,
  calls,
}: {
  which: 'send' | 'send-idempotent' | 'plain';
  calls: number;
}): Promise<HandlerSpeed> {
  const handler = which === 'plain' ? plain() : send();
  const body = JSON.stringify({ to: '+639171234567', from: SAMPLE.from, text: SAMPLE.text, lane: 'bulk' });
  const authorization = `Bearer ${formatKey({ keyId: KEY.keyId, secret: SECRET, test: false })}`;
  const eventOf = (n: number) =>
    apiEvent('POST /v1/messages', {
      authorization,
      body,
      ...(which === 'send-idempotent' ? { headers: { 'idempotency-key': `order-${n}` } } : {}),
    });
  // A twentieth of a second of compiling is not what is asked for.
  const warmUp = Math.ceil(calls / 2);
  const durations: number[] = [];
  const allocated: number[] = [];
  for (let n = 0; n < warmUp + calls; n += 1) {
    const event = eventOf(n);
    const heapBefore = process.memoryUsage().heapUsed;
    const startedMs = performance.now();
    const { statusCode } = await handler(event);
    const durationMs = performance.now() - startedMs;
    const octets = process.memoryUsage().heapUsed - heapBefore;
    if (statusCode !== 202) throw new Error(`answered with ${statusCode}`);
    if (n < warmUp) continue;
    durations.push(durationMs);
    // Where memory was given back meanwhile nothing can be told.
    if (octets > 0) allocated.push(octets);
  }
  return { p50Ms: quantile(durations, 0.5), p99Ms: quantile(durations, 0.99), kib: quantile(allocated, 0.5) / 1024 };
}

const requests = { measure };
export type SendHandlerRequests = typeof requests;
serve(requests);
