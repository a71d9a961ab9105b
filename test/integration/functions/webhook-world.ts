import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SQSEvent } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import type { Resolve } from '../../../functions/deliver-webhook/guarded-lookup.ts';
import { deliverWebhookHandler } from '../../../functions/deliver-webhook/handler.ts';
import { askNameServers } from '../../../functions/deliver-webhook/name-server.ts';
import { post } from '../../../functions/deliver-webhook/post.ts';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import { CallbackHostStore } from '../../../shared/store/control-callback-hosts.ts';
import { CallbackSecretStore } from '../../../shared/store/control-callback-secret.ts';
import { WebhookAttempts } from '../../../shared/store/control-webhook-attempts.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { quietLog } from '../../fixtures/log.ts';
import type { TestDatabase } from './database.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A customer's endpoint on loopback, until the test is over. */
export async function receiver(answer: RequestListener = (_request, response) => response.end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, port, url: `http://127.0.0.1:${port}/hook` };
}

/** Of every endpoint that is made here. */
export const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
let made = 0;

export interface WebhookWorldOptions {
  /** For an answer, of a delivery that is alone. */
  timeoutMs?: number;
  amongOthersMs?: number;
  loopbackAllowed?: boolean;
  resolve?: Resolve;
}

/** A new endpoint with the function that delivers to it, at a time of its own. */
export async function webhookWorld(
  database: TestDatabase,
  url: string,
  {
    timeoutMs = 2_000,
    amongOthersMs = 2_000,
    loopbackAllowed = true,
    resolve = askNameServers(),
  }: WebhookWorldOptions = {},
) {
  made += 1;
  const endpointId = `we_${made}`;
  const endpoints = new WebhookStore(database.document, 'Control');
  await endpoints.create({ endpointId, url, secret: SECRET, createdAt: 0 });
  const clock = { now: Date.now() };
  const later: { task: WebhookTask; delaySeconds: number }[] = [];
  const log = quietLog();
  const told: PublishedEvent[] = [];
  const bus = {
    put: async (events: readonly PublishedEvent[]): Promise<PublishedEvent[]> => (told.push(...events), []),
  };
  const sent: WebhookTask[] = [];
  const queue = {
    send: async (tasks: readonly WebhookTask[]): Promise<WebhookTask[]> => (sent.push(...tasks), []),
    sendLater: async (task: WebhookTask, delaySeconds: number) => void later.push({ task, delaySeconds }),
  };
  const handler = deliverWebhookHandler({
    endpoints,
    callbackHosts: new CallbackHostStore(database.document, 'Control', () => clock.now),
    callbackSecrets: new CallbackSecretStore(database.document, 'Control'),
    callbackRules: { hosts: [], loopbackAllowed },
    queue,
    bus,
    stage: 'test',
    timeFactor: 1,
    patience: { amongOthersMs: Math.min(amongOthersMs, timeoutMs), aloneMs: timeoutMs },
    post: async (target, { timeoutMs }) => await post(target, { timeoutMs, loopbackAllowed, resolve }),
    log,
    now: () => clock.now,
    random: () => 0,
  });
  const task: WebhookTask = {
    endpoint_id: endpointId,
    event_id: 'evt_1_3',
    payload: '{"type":"message.delivered","data":{"from":"Niño"}}',
    attempt: 1,
    first_at: clock.now,
    not_before: clock.now,
  };
  const run = async (...tasks: unknown[]) =>
    await handler({
      Records: tasks.map((body, index) => ({ messageId: String(index), body: JSON.stringify(body) })),
    } as unknown as SQSEvent);
  const attempts = async () => {
    const all = { from: 0, before: 1e14, order: 'newest_first', limit: 50 } as const;
    return (await new WebhookAttempts(database.document, 'Control').page(endpointId, all)).attempts;
  };
  const endpoint = async () => await endpoints.get(endpointId);
  return { clock, later, log, task, run, attempts, endpoints, endpointId, endpoint, queue, bus, told, sent };
}
