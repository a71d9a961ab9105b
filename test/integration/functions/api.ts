import { ulid } from 'ulid';
import type { HttpHandler } from '../../../functions/middleware/http.ts';
import { Idempotency } from '../../../functions/middleware/idempotency.ts';
import { KeyRing } from '../../../functions/middleware/key-ring.ts';
import { QuotaWatch } from '../../../functions/send/quota-watch.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import { type ApiKey, formatKey, hashSecret, type Scope } from '../../../shared/domain/api-key.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import { BatchStore } from '../../../shared/store/batches.ts';
import { CallbackHostStore } from '../../../shared/store/control-callback-hosts.ts';
import { CallbackSecretStore } from '../../../shared/store/control-callback-secret.ts';
import { CursorKeyStore } from '../../../shared/store/control-cursor-key.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { IdempotencyStore } from '../../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../../shared/store/control-keys.ts';
import { KeywordStore } from '../../../shared/store/control-keywords.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { OutcomeStore } from '../../../shared/store/control-outcomes.ts';
import { ReportStore } from '../../../shared/store/control-reports.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { WebhookAttempts } from '../../../shared/store/control-webhook-attempts.ts';
import { InboundStore } from '../../../shared/store/inbound.ts';
import { MessageFeedback } from '../../../shared/store/message-feedback.ts';
import { MessageIndexes } from '../../../shared/store/message-indexes.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { MessagesById } from '../../../shared/store/messages-by-id.ts';
import { NewMessages } from '../../../shared/store/new-messages.ts';
import { apiEvent, lambdaContext, type RequestOptions } from '../../fixtures/api-event.ts';
import { undocumented } from '../../fixtures/documented.ts';
import { quietLog, type RecordingLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import type { TestDatabase } from './database.ts';

export const ACCOUNT: ApiAccount = {
  name: 'main',
  maxSegments: 3,
  messageIds: 'match_any',
  segmentsPerSecond: 10,
  bulkShare: 0.1,
  timeZone: 'Asia/Manila',
  smartEncoding: false,
  forbiddenWords: [],
  inboundPartsSeconds: 600,
  links: { policy: 'allow' },
  lanes: {
    otp: { defaultTtlSeconds: 300, unknownOutcome: 'resend_once' },
    transactional: { defaultTtlSeconds: 86_400, unknownOutcome: 'resend_once' },
    bulk: { defaultTtlSeconds: 172_800, unknownOutcome: 'hold' },
  },
};

/** Keys may ask as often as they like. */
const UNLIMITED_RATES = { perSecond: 500, take: async () => ({ isAllowed: true, left: 499 }) };
/** Nobody has measured what waits. */
const UNKNOWN_LOADS = { load: async () => undefined, added: () => undefined };

const SECRET = 'a-secret-of-256-random-bits-for-tests';

/** Stores a key and returns it as a caller writes it. */
export async function storedKey(
  { document }: TestDatabase,
  key: Partial<ApiKey> & { keyId: string; scopes: Scope[] },
): Promise<string> {
  const whole: ApiKey = { name: 'test', secretHash: hashSecret(SECRET), test: false, createdAt: CREATED_AT, ...key };
  await new KeyStore(document, 'Control').create(whole);
  return formatKey({ keyId: key.keyId, secret: SECRET, test: whole.test });
}

/** What every HTTP function is built from, at a time that a test sets. */
export function httpParts({ document }: TestDatabase, clock = { now: CREATED_AT }) {
  const log: RecordingLog = quietLog();
  const now = () => clock.now;
  const keyStore = new KeyStore(document, 'Control');
  const records = new IdempotencyStore(document, 'Control');
  const idempotency = new Idempotency({ records, newUlid: ulid, now, log });
  return {
    keys: new KeyRing(keyStore, { now, log }),
    idempotency,
    keyStore,
    messages: new MessageStore(document, 'Messages'),
    indexes: new MessageIndexes(document, 'Messages'),
    inbound: new InboundStore(document, 'Receipts'),
    usage: new UsageStore(document, 'Control'),
    quotas: new QuotaWatch(new HistoryStore(document, 'Control'), log),
    loads: UNKNOWN_LOADS,
    rates: UNLIMITED_RATES,
    batches: new BatchStore(document, 'Messages'),
    messagesById: new MessagesById(document, 'Messages'),
    newMessages: new NewMessages(document, { table: 'Messages', retentionDays: 90, sleep: () => Promise.resolve() }),
    feed: { send: () => Promise.resolve() },
    attempts: new WebhookAttempts(document, 'Control'),
    webhooks: { send: async (): Promise<WebhookTask[]> => await Promise.resolve([]) },
    callbacks: { hosts: [] as string[], loopbackAllowed: false },
    feedback: new MessageFeedback(document, 'Messages'),
    outcomes: new OutcomeStore(document, 'Control', { now }),
    callbackHosts: new CallbackHostStore(document, 'Control', now),
    callbackSecrets: new CallbackSecretStore(document, 'Control'),
    allowedHosts: [] as string[],
    stage: 'test',
    newBatchId: (at: number) => `bat_${ulid(at)}`,
    keywords: new KeywordStore(document, 'Control'),
    optOuts: new OptOutStore(document, 'Control'),
    cursorKey: async () => await new CursorKeyStore(document, 'Control').get(),
    log,
    now,
    clock,
  };
}

/** What the query function is built from. */
export function queryParts(
  database: TestDatabase,
  accounts: readonly (Partial<ApiAccount> & { name: string })[] = [ACCOUNT],
) {
  const reports = new ReportStore(database.document, 'Control');
  return { ...httpParts(database), reports, accounts: accounts.map((account) => ({ ...ACCOUNT, ...account })) };
}

let messageNumber = 0;

/** What the send function is built from; nothing comes of what it queues. */
export function sendParts(database: TestDatabase, accounts: readonly ApiAccount[] = [ACCOUNT]) {
  return {
    ...httpParts(database),
    lanes: { send: async () => await Promise.resolve() },
    newMessageId: (now: number) => {
      messageNumber += 1;
      return firstIdAt(now).slice(0, -8) + String(messageNumber).padStart(8, '0');
    },
    accounts,
  };
}

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Calls a function as API Gateway does. An object as body is sent as JSON. The answer must be as the OpenAPI document says. */
export async function call(
  handler: HttpHandler,
  route: string,
  {
    key,
    body,
    remainingMs,
    ...options
  }: { key?: string; body?: unknown; remainingMs?: number } & Omit<RequestOptions, 'body'> = {},
): Promise<Answer> {
  const written = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
  const event = apiEvent(route, {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(written === undefined ? {} : { body: written }),
    ...options,
  });
  const answer = await handler(event, lambdaContext(remainingMs));
  const { statusCode: status = 0, headers = {}, body: text = '' } = answer;
  const [method = '', path = ''] = route.split(' ');
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const faults = undocumented({ method, path, status, headers: Object.fromEntries(named), body: text });
  if (faults.length > 0) throw new Error(`not as documented:\n${faults.join('\n')}`);
  return { status, headers, body: JSON.parse(text || '{}') as Record<string, unknown> };
}
