import type { SQSEvent } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, test } from 'vitest';
import { deliverWebhookHandler } from '../../../functions/deliver-webhook/handler.ts';
import type { PostOutcome } from '../../../functions/deliver-webhook/post.ts';
import { manageHandler } from '../../../functions/manage/handler.ts';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import { queryHandler } from '../../../functions/query/handler.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { createdBatchSchema } from '../../../shared/contracts/batch.ts';
import { presentMessageEvent } from '../../../shared/contracts/event.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { callbackOf } from '../../../shared/webhooks/fan-out.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { ACCOUNT, call, queryParts, sendParts, storedKey } from './api.ts';
import { batchWorld } from './batch-world.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const HOSTS = ['hooks.example.com', '*.partners.example.org'];
const ALLOWED = 'https://hooks.example.com/sms?token=abc';
const BODY = { to: '0917 123 4567', from: 'Bindery', text: 'Hello' };
const HOUR_MS = 3_600_000;

let database: TestDatabase;
let key: string;
beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'all', scopes: ['messages:send', 'messages:read', 'webhooks'] });
});

describe('a message with an address for its events', () => {
  const parts = () => ({ ...sendParts(database), callbacks: { hosts: HOSTS, loopbackAllowed: false } });
  const send = async (url: string, different: object = {}) =>
    await call(sendHandler({ ...parts(), ...different }), 'POST /v1/messages', {
      key,
      body: { ...BODY, status_callback_url: url },
    });

  test.each([ALLOWED, 'https://HOOKS.example.com', 'https://a.b.partners.example.org:8443/x'])(
    'is stored with it, and never shows it: %s',
    async (url) => {
      const { status, body } = await send(url);
      expect(status).toBe(202);
      const stored = await parts().messages.get(String(body['id']));
      expect(stored?.statusCallbackUrl).toBe(new URL(url).href);
      expect(JSON.stringify(body)).not.toContain('example');
    },
  );

  test.each([
    ['https://hooks.example.com.evil.net/', 'callback_host_not_allowed'],
    ['https://partners.example.org/', 'callback_host_not_allowed'],
    ['https://evilpartners.example.org/', 'callback_host_not_allowed'],
    ['https://169.254.169.254/latest', 'callback_host_not_allowed'],
    ['https://127.0.0.1/', 'callback_host_not_allowed'],
    ['http://hooks.example.com/', 'invalid_webhook_url'],
    ['https://user:secret@hooks.example.com/', 'invalid_webhook_url'],
    ['not an address', 'invalid_webhook_url'],
  ])('is refused where it is %s', async (url, code) => {
    const { status, body } = await send(url);
    expect({ status, code: body['code'] }).toEqual({ status: 422, code });
    expect(body['errors']).toMatchObject([{ pointer: '/status_callback_url', code }]);
  });

  test('is refused where the deployment allows no host, and may go to loopback on one machine', async () => {
    const none = { callbacks: { hosts: [], loopbackAllowed: false } };
    expect((await send(ALLOWED, none)).body).toMatchObject({ code: 'callbacks_not_enabled' });
    const local = { callbacks: { hosts: [], loopbackAllowed: true } };
    expect((await send('http://127.0.0.1:8080/', local)).status).toBe(202);
    expect((await send(ALLOWED, local)).body).toMatchObject({ code: 'callback_host_not_allowed' });
  });

  test('can be previewed, and is an item of a batch that stands for itself', async () => {
    const preview = await call(sendHandler(parts()), 'POST /v1/messages/preview', {
      key,
      body: { text: 'Hi', status_callback_url: 'https://other.example.com/' },
    });
    expect(preview.body['errors']).toMatchObject([{ pointer: '/status_callback_url' }]);
    const world = await batchWorld(database);
    const callbacks = { hosts: HOSTS, loopbackAllowed: false };
    const { status, body } = await world.post(
      {
        defaults: { from: 'BINDERY', text: 'Hi', status_callback_url: ALLOWED },
        items: [
          { to: '+639171234567' },
          { to: '+639171234568', status_callback_url: 'https://x.partners.example.org/' },
          { to: '+639171234569', status_callback_url: 'https://other.example.com/' },
        ],
      },
      { callbacks },
    );
    expect(status).toBe(202);
    const { items } = createdBatchSchema.parse(body);
    expect(items[2]).toMatchObject({
      status: 'refused',
      code: 'callback_host_not_allowed',
      errors: [{ pointer: '/items/2/status_callback_url' }],
    });
    const urls = items.map(async (item) =>
      item.status === 'accepted' ? (await world.parts.messages.get(item.id))?.statusCallbackUrl : undefined,
    );
    expect(await Promise.all(urls)).toEqual([ALLOWED, 'https://x.partners.example.org/', undefined]);
  });
});

let messages = 0;

/** Delivers callbacks to hosts that answer as `answers` says; what is put back comes when it is due. */
async function world(answers: (url: URL) => PostOutcome = () => ({ kind: 'answered', httpStatus: 204 })) {
  const parts = queryParts(database, [ACCOUNT]);
  const clock = { now: Date.now() };
  const posted: { url: string; headers: Record<string, string>; body: string }[] = [];
  const told: PublishedEvent[] = [];
  const waiting: WebhookTask[] = [];
  const hosts = { rules: { hosts: HOSTS, loopbackAllowed: false } };
  const now = () => clock.now;
  const deliver = async (...tasks: WebhookTask[]) => {
    const handler = deliverWebhookHandler({
      endpoints: new WebhookStore(database.document, 'Control'),
      callbackHosts: parts.callbackHosts,
      callbackSecrets: parts.callbackSecrets,
      callbackRules: hosts.rules,
      queue: { send: async () => [], sendLater: async (task) => void waiting.push(task) },
      bus: { put: async (events) => (told.push(...events), []) },
      post: async (target) => (posted.push(target), await Promise.resolve(answers(new URL(target.url)))),
      patience: { amongOthersMs: 100, aloneMs: 100 },
      stage: 'test',
      timeFactor: 1,
      log: quietLog(),
      now,
      random: () => 0,
    });
    const Records = tasks.map((task, index) => ({ messageId: String(index), body: JSON.stringify(task) }));
    expect(await handler({ Records } as SQSEvent)).toEqual({ batchItemFailures: [] });
  };
  /** A message of which one event is to be told. */
  const task = async (url: string, different: Partial<Message> = {}) => {
    messages += 1;
    const messageId = `msg_01JDA8K4ZZZZZZZZZZZZ${String(messages).padStart(6, '0')}`;
    const message = queuedMessage({ messageId, statusCallbackUrl: url, ...different });
    await parts.messages.create(message);
    const event = presentMessageEvent(message, { status: 'queued', at: 0, sequence: 1 }, 'test');
    const [made] = callbackOf(event, message, clock.now);
    if (made === undefined) throw new Error('there is no callback');
    return { messageId, task: made };
  };
  const manage = async (route: string, body?: unknown) =>
    await call(
      manageHandler({
        ...parts,
        allowedHosts: HOSTS,
        now,
        endpoints: new WebhookStore(database.document, 'Control'),
        newEndpointId: () => 'we_1',
        randomBytes: (octets) => Buffer.alloc(octets, 5),
        loopbackAllowed: false,
      }),
      route,
      { key, ...(body === undefined ? {} : { body }) },
    );
  const attempts = async (id: string, as = key) =>
    await call(queryHandler(parts), 'GET /v1/messages/{id}/callback-attempts', { key: as, parameters: { id } });
  return { clock, posted, told, waiting, hosts, deliver, task, manage, attempts };
}

describe('a callback', () => {
  test('is signed with the one secret of callbacks, and with the one before while its grace lasts', async () => {
    const { deliver, task, posted, manage } = await world();
    const { task: delivery } = await task(ALLOWED);
    await manage('POST /v1/callbacks/rotate', { grace_seconds: 0 });
    const { body } = await manage('POST /v1/callbacks/rotate');
    await deliver(delivery);
    const [{ url, headers, body: text }] = posted as [(typeof posted)[number]];
    expect(url).toBe(ALLOWED);
    expect(headers['webhook-signature']?.split(' ')).toHaveLength(2);
    const read = new Webhook(String(body['secret'])).verify(text, headers) as { type: string; data: object };
    expect(read).toMatchObject({ type: 'message.queued', data: { status: 'queued' } });
    expect(text).not.toContain('token');
  });

  test('that fails is tried again by the schedule of endpoints, and its attempts stand under its message', async () => {
    const { deliver, task, waiting, attempts, clock } = await world(() => ({ kind: 'answered', httpStatus: 500 }));
    const { task: delivery, messageId } = await task('https://failing.partners.example.org/');
    await deliver(delivery);
    expect(waiting).toMatchObject([{ attempt: 2, not_before: clock.now + 5_000, callback: { message_id: messageId } }]);
    const { body } = await attempts(messageId);
    expect(body['data']).toMatchObject([{ number: 1, delivered: false, http_status: 500, is_last: false }]);
    const other = await storedKey(database, { keyId: 'other', scopes: ['messages:read'], account: 'another' });
    expect((await attempts(messageId, other)).status).toBe(404);
  });

  test('to a host that hangs slows that host down and no other', async () => {
    const { deliver, task, posted, waiting, manage } = await world(({ host }) =>
      host === 'hangs.partners.example.org'
        ? { kind: 'failed', reason: 'ECONNREFUSED' }
        : { kind: 'answered', httpStatus: 200 },
    );
    const slow = await Promise.all(
      Array.from({ length: 3 }, async () => await task('https://hangs.partners.example.org/')),
    );
    const fine = await task('https://fine.partners.example.org/');
    await deliver((slow[0] as (typeof slow)[number]).task);
    await deliver(...slow.slice(1).map((each) => each.task), fine.task);
    expect(posted.map(({ url }) => new URL(url).host)).toEqual([
      'hangs.partners.example.org',
      'fine.partners.example.org',
    ]);
    expect(waiting).toHaveLength(3);
    const { body } = await manage('GET /v1/callbacks');
    expect(body).toMatchObject({ allowed_hosts: HOSTS });
    const hosts = body['hosts'] as { host: string; paused_until: string | null }[];
    expect(hosts.find(({ host }) => host === 'hangs.partners.example.org')?.paused_until).not.toBeNull();
    expect(hosts.map(({ host }) => host)).not.toContain('fine.partners.example.org');
  });

  test('that is answered 410 is not tried again, and others on its host are', async () => {
    const { deliver, task, waiting, posted, told } = await world(({ pathname }) => ({
      kind: 'answered',
      httpStatus: pathname === '/gone' ? 410 : 204,
    }));
    const gone = await task('https://shared.partners.example.org/gone');
    const here = await task('https://shared.partners.example.org/here');
    await deliver(gone.task);
    await deliver(here.task);
    expect(posted).toHaveLength(2);
    expect({ waiting, told }).toEqual({ waiting: [], told: [] });
  });

  test('that is answered 410 disables nothing, however long there was no other answer', async () => {
    const { deliver, task, posted, manage, clock } = await world(({ pathname }) => ({
      kind: 'answered',
      httpStatus: pathname === '/gone' ? 410 : 204,
    }));
    await deliver((await task('https://seldom.partners.example.org/gone')).task);
    clock.now += 121 * HOUR_MS;
    await deliver((await task('https://seldom.partners.example.org/gone')).task);
    await deliver((await task('https://seldom.partners.example.org/here')).task);
    expect(posted).toHaveLength(3);
    const hosts = (await manage('GET /v1/callbacks')).body['hosts'] as { host: string }[];
    expect(hosts.map(({ host }) => host)).not.toContain('seldom.partners.example.org');
  });

  test('host to which nothing gets through for days is disabled, told of without its path, and can be enabled', async () => {
    const { deliver, task, told, manage, clock, posted, attempts } = await world(() => ({
      kind: 'answered',
      httpStatus: 500,
    }));
    const url = 'https://dead.partners.example.org/hook?token=secret';
    for (let hours = 0; hours <= 121; hours += 40) {
      await deliver((await task(url)).task);
      clock.now += 40.4 * HOUR_MS;
    }
    expect(told).toMatchObject([
      {
        type: 'webhook_endpoint.disabled',
        detail: { data: { url: 'https://dead.partners.example.org', reason: 'failing' } },
      },
    ]);
    const later = await task(url);
    await deliver(later.task);
    expect(posted).toHaveLength(4);
    expect((await attempts(later.messageId)).body['data']).toMatchObject([
      { is_last: true, reason: 'endpoint disabled' },
    ]);
    expect((await manage('POST /v1/callbacks/enable', { host: 'dead.partners.example.org' })).status).toBe(204);
    await deliver((await task(url)).task);
    expect(posted).toHaveLength(5);
  });

  test('to a host that is not allowed any more is dropped', async () => {
    const { deliver, task, posted, attempts, hosts } = await world();
    const { task: delivery, messageId } = await task(ALLOWED);
    hosts.rules = { hosts: ['elsewhere.example.com'], loopbackAllowed: false };
    await deliver(delivery);
    expect(posted).toEqual([]);
    expect((await attempts(messageId)).body['data']).toMatchObject([
      { is_last: true, reason: 'callback host not allowed' },
    ]);
  });
});
