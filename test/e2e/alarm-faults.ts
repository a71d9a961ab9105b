import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import type { RunningBindery } from '../../cdk/local/start.ts';
import type { Bindery } from '../../docs/client/bindery.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import { deadLetterUrl } from '../../shared/queue/lanes.ts';
import { DELIVERED, type FaultyOperator, REFUSED } from './faulty-operator.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** Accounts, each with an operator of its own: one to whom much is sent, one who slows down, and one who is gone in the end. */
export type AccountName = 'main' | 'slow' | 'gone';

/** Where things go wrong. */
export interface Site {
  running: RunningBindery;
  operators: Readonly<Record<AccountName, FaultyOperator>>;
  /** Of all accounts. */
  bindery: Bindery;
  /** Each sends through its account. */
  clients: Readonly<Record<AccountName, Bindery>>;
  /** Programs that AWS denies everything. */
  denied: Set<string>;
  /** Whether they have all been raised, be they over by now or not. */
  wereRaised: (alarms: readonly string[]) => boolean;
  untilRaised: (alarms: readonly string[]) => Promise<void>;
}

/** Something that goes wrong, and what mends it. */
export interface Fault {
  title: string;
  /** Names of alarms, without that of the stack. */
  raises: readonly string[];
  /** @returns how it is mended, when all alarms are raised */
  cause(site: Site): Promise<() => unknown>;
}

const message = { from: 'Bindery', text: 'Hello' };
const TEN_SEGMENTS = 'x'.repeat(1_500);
const DAY_MS = 86_400_000;

/** Does it again and again until the alarms are raised. */
async function untilRaised(
  { wereRaised }: Site,
  alarms: readonly string[],
  { everyMs, work }: { everyMs: number; work: () => Promise<unknown> },
): Promise<void> {
  while (!wereRaised(alarms)) await Promise.all([work(), delay(everyMs)]);
}

const refusedWithoutReceipts: Fault = {
  title: 'an operator who refuses a third of the numbers, and sends no receipts for the others',
  raises: ['refused-share-main', 'receipts-missing-main'],
  async cause(site) {
    const { operators, clients } = site;
    operators.main.keepReceipts();
    const items = Array.from({ length: 60 }, (_, index) => ({ to: index % 3 === 0 ? REFUSED : DELIVERED }));
    const work = () => clients.main.createBatch({ lane: 'transactional', defaults: message, items });
    await untilRaised(site, this.raises, { everyMs: 3_000, work });
    return () => operators.main.sendReceipts();
  },
};

const deadLetter: Fault = {
  title: 'a queue message that nobody understands',
  raises: ['dead-letters-main-bulk'],
  async cause({ running }) {
    const sqs = (action: string, input: Record<string, unknown>) =>
      running.aws.invoke({ service: 'sqs', action, input });
    const lane = laneQueueUrl(running.stack.variable('LANE_QUEUE_URL') ?? '', 'main', 'bulk');
    await sqs('SendMessage', { QueueUrl: lane, MessageBody: 'none of ours' });
    return async () => {
      const QueueUrl = deadLetterUrl(lane);
      const { Messages = [] } = (await sqs('ReceiveMessage', { QueueUrl })) as {
        Messages?: { ReceiptHandle: string }[];
      };
      expect(Messages).toHaveLength(1);
      for (const { ReceiptHandle } of Messages) await sqs('DeleteMessage', { QueueUrl, ReceiptHandle });
    };
  },
};

/** Leaves no binder in peace. */
export const ownersThatChange: Fault = {
  title: 'binders that take the account from each other, each stopped when the next one is healthy',
  raises: ['lease-flapping-main'],
  async cause(site) {
    await untilRaised(site, this.raises, { everyMs: 0, work: () => site.running.replaceTasks() });
    return () => undefined;
  },
};

const throttlingOperator: Fault = {
  title: 'an operator who answers 0x58 to everything',
  raises: ['throttled-slow'],
  async cause({ operators: { slow }, clients }) {
    slow.throttles = true;
    await clients.slow.sendMessage({ ...message, to: DELIVERED, lane: 'transactional' });
    return () => {
      slow.throttles = false;
    };
  },
};

const fullPackage: Fault = {
  title: 'a campaign that nearly uses up the day’s segments',
  raises: ['quota-near-slow'],
  async cause({ clients }) {
    const scheduled = await clients.slow.createBatch({
      send_at: new Date(Date.now() + 7 * DAY_MS).toISOString(),
      defaults: { ...message, text: TEN_SEGMENTS },
      items: Array.from({ length: 8 }, () => ({ to: DELIVERED })),
    });
    return () => clients.slow.cancelBatch(scheduled.id);
  },
};

const operatorThatGoes: Fault = {
  title: 'an operator who answers no more, and then is gone while messages wait for him',
  raises: ['unknown-outcomes-gone', 'session-down-gone', 'lane-waiting-gone-otp'],
  async cause({ operators: { gone }, clients, untilRaised: raised }) {
    gone.isSilent = true;
    for (let count = 0; count < 4; count += 1) {
      await clients.gone.sendMessage({ ...message, to: DELIVERED, lane: 'bulk' });
    }
    await raised(['unknown-outcomes-gone']);
    await gone.stop();
    await clients.gone.sendMessage({ ...message, to: DELIVERED, lane: 'otp', ttl_seconds: 600 });
    return async () => {
      gone.isSilent = false;
      await gone.start();
    };
  },
};

const failingWebhook: Fault = {
  title: 'a webhook endpoint that answers 500',
  raises: ['webhook-failures', 'webhooks-lost'],
  async cause(site) {
    const { bindery } = site;
    const failing = await WebhookReceiver.start((_request, response) => void response.writeHead(500).end());
    const endpoint = await bindery.createWebhookEndpoint({ url: failing.url, events: ['message.*'] });
    const items = Array.from({ length: 10 }, () => ({ to: DELIVERED }));
    const work = () => site.clients.main.createBatch({ lane: 'transactional', defaults: message, items });
    await untilRaised(site, this.raises, { everyMs: 2_000, work });
    return () => bindery.deleteWebhookEndpoint(endpoint.id);
  },
};

const functionThatFails: Fault = {
  title: 'a function to which AWS denies its tables',
  raises: ['function-errors-sweep'],
  async cause({ denied }) {
    denied.add('sweep');
    return await Promise.resolve(() => denied.clear());
  },
};

const functionAtItsLimit: Fault = {
  title: 'a function that is called more often at once than is reserved for it',
  raises: ['function-throttles-docs', 'api-failing'],
  async cause(site) {
    const { stack, apiUrl } = site.running;
    const docs = stack.functions.find(({ specification }) => specification.name === 'docs')?.specification;
    if (docs === undefined) throw new Error('there is no function of that name');
    const statuses = new Set<number>();
    const ask = async () => statuses.add((await fetch(`${apiUrl}/docs`)).status);
    docs.reservedConcurrency = 1;
    await untilRaised(site, this.raises, { everyMs: 250, work: () => Promise.all(Array.from({ length: 6 }, ask)) });
    expect(statuses).toEqual(new Set([200, 503]));
    return () => {
      delete docs.reservedConcurrency;
    };
  },
};

/** May go wrong at once, also while binders come and go. */
export const BESIDE_BINDERS: readonly Fault[] = [
  failingWebhook,
  deadLetter,
  fullPackage,
  functionThatFails,
  functionAtItsLimit,
];

/** May go wrong at once, while a binder stays. */
export const UNDER_ONE_BINDER: readonly Fault[] = [refusedWithoutReceipts, throttlingOperator, operatorThatGoes];
