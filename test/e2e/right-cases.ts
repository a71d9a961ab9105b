import { expect } from 'vitest';
import type { HttpAnswer } from './api-client.ts';
import type { RightsWorld } from './rights-world.ts';

/** What must come true once the right is given back. */
type Afterwards = () => Promise<void>;

/** An ordinary use that needs a right, made while it is missing: what comes of it without, and what afterwards. */
type Use = (world: RightsWorld) => Promise<Afterwards>;

export interface RightCase {
  /** Place of the role in the stack. */
  role: string;
  action: string;
  /** Pattern of the ARNs on which it is missing; absent: all. */
  resource?: string;
  /** Program that writes the denial into its log; absent where AWS itself acts under the role. */
  log?: string;
  use: Use;
}

const table = (name: string): string => `arn:aws:dynamodb:*:*:table/*${name}*`;

/** A caller is told to come again, and what he asks for is then done. */
const comesAgain = (request: (world: RightsWorld) => Promise<HttpAnswer>): Use => {
  return async (world) => {
    expect(await request(world)).toMatchObject({ status: 503, body: { code: 'temporarily_unavailable' } });
    return async () => expect((await request(world)).status).toBeLessThan(300);
  };
};

/** A message is accepted, comes as far as `status`, and is delivered afterwards. */
const waitsAs = (status: string): Use => {
  return async (world) => {
    const id = await world.send();
    await world.untilDenied();
    await world.untilStatus(id, status);
    return async () => await world.untilDelivered(id);
  };
};

type Heard = (world: RightsWorld, id: string) => unknown[];

const onTheBus: Heard = (world, id) => world.stack.bus.of(id);
const byWebhook: Heard = (world, id) => world.toldByWebhook(id);
const anywhere: Heard = (world, id) => [...onTheBus(world, id), ...byWebhook(world, id)];

/** A message is delivered, and nothing of it is heard there before. */
const toldLater = (heard: Heard): Use => {
  return async (world) => {
    const id = await world.send();
    await world.untilDelivered(id);
    await world.untilDenied();
    expect(heard(world, id)).toEqual([]);
    return async () => await world.untilTold(id);
  };
};

/** A message that no queue holds, because `send` may not reach one either, and whose time for the sweep has come. */
const stranded: Use = async (world) => {
  await world.withdraw('Functions/send/Role', 'sqs:SendMessage');
  const id = await world.send();
  await world.makeDue(id);
  await world.stack.invoke('sweep');
  await world.untilDenied();
  expect(await world.statusOf(id)).toBe('queued');
  return async () => {
    await world.stack.invoke('sweep');
    await world.untilDelivered(id);
  };
};

const send = (action: string, use: Use): RightCase => ({ role: 'Functions/send/Role', action, log: 'send', use });
const query = (action: string, use: Use): RightCase => ({ role: 'Functions/query/Role', action, log: 'query', use });
const binder = (action: string, use: Use, resource?: string): RightCase => ({
  role: 'Binder/Task/TaskRole',
  action,
  log: 'binder',
  use,
  ...(resource !== undefined && { resource }),
});

const applyReceipts = (action: string): RightCase => ({
  role: 'Functions/apply-receipts/Role',
  action,
  log: 'apply-receipts',
  use: waitsAs('sent'),
});
const publishEvents = (action: string, heard: Heard): RightCase => ({
  role: 'Functions/publish-events/Role',
  action,
  log: 'publish-events',
  use: toldLater(heard),
});

/** Rights of programs that run, each with what needs it. */
export const CASES: readonly RightCase[] = [
  send(
    'dynamodb:PutItem',
    comesAgain((world) => world.post('/v1/messages', world.message())),
  ),
  send(
    'dynamodb:BatchWriteItem',
    comesAgain((world) => world.post('/v1/batches', world.batch())),
  ),
  send(
    'kms:GenerateDataKey',
    comesAgain((world) => world.post('/v1/messages', world.message())),
  ),
  send('dynamodb:GetItem', async (world) => {
    const { key } = await world.stack.client.bindery.createKey({ name: 'till', scopes: ['messages:send'] });
    return await comesAgain(() => world.post('/v1/messages', world.message(), key))(world);
  }),
  send(
    'dynamodb:UpdateItem',
    comesAgain((world) => world.post('/v1/messages', world.message())),
  ),
  send(
    'sqs:SendMessage',
    // It is accepted all the same: what was stored and not queued is for the sweep.
    async (world) => {
      const id = await world.send();
      await world.untilDenied();
      return async () => {
        expect(await world.statusOf(id)).toBe('queued');
        await world.makeDue(id);
        await world.stack.invoke('sweep');
        await world.untilDelivered(id);
      };
    },
  ),
  query('dynamodb:GetItem', async (world) => {
    const id = await world.send();
    return await comesAgain(() => world.get(`/v1/messages/${id}`))(world);
  }),
  query(
    'dynamodb:Query',
    comesAgain((world) => world.get('/v1/messages')),
  ),
  {
    role: 'Functions/manage/Role',
    action: 'dynamodb:PutItem',
    log: 'manage',
    use: comesAgain((world) => world.post('/v1/keys', { name: 'till', scopes: ['messages:send'] })),
  },
  binder(
    'sqs:ReceiveMessage',
    async (world) => {
      await world.untilDenied();
      return await waitsAs('queued')(world);
    },
    'arn:aws:sqs:*:*:*smpp-asia-transactional',
  ),
  binder('dynamodb:GetItem', waitsAs('queued'), table('Messages')),
  binder('dynamodb:UpdateItem', waitsAs('queued'), table('Messages')),
  binder('sqs:DeleteMessage', async (world) => {
    const id = await world.send();
    await world.untilDelivered(id);
    // What its queue shows again, a binder finds done.
    return async () => {};
  }),
  // Neither what the operator calls it nor his receipt can be kept: the binder tries again, and the operator repeats himself.
  binder('dynamodb:PutItem', waitsAs('sending'), table('Receipts')),
  binder('secretsmanager:GetSecretValue', async (world) => {
    world.operator.simulator.dropConnections('reset');
    await world.untilDenied();
    return await waitsAs('queued')(world);
  }),
  { ...applyReceipts('dynamodb:UpdateItem'), resource: table('Messages') },
  applyReceipts('dynamodb:Query'),
  applyReceipts('kms:Encrypt'),
  { role: 'Functions/apply-receipts/Role', action: 'dynamodb:GetRecords', use: waitsAs('sent') },
  publishEvents('events:PutEvents', onTheBus),
  publishEvents('sqs:SendMessage', byWebhook),
  publishEvents('dynamodb:Query', anywhere),
  { role: 'Functions/publish-events/Role', action: 'dynamodb:GetRecords', use: toldLater(anywhere) },
  {
    role: 'Functions/deliver-webhook/Role',
    action: 'sqs:ReceiveMessage',
    use: async (world) => {
      // Lambda was waiting at the queue, and gets what comes first.
      const first = await world.send();
      await world.untilDenied();
      const second = await world.send();
      await world.untilDelivered(second);
      expect(world.toldByWebhook(second)).toEqual([]);
      return async () => {
        await world.untilTold(first);
        await world.untilTold(second);
      };
    },
  },
  {
    role: 'Functions/feed-batches/Role',
    action: 'sqs:ReceiveMessage',
    use: async (world) => {
      const first = await world.sendBatch();
      await world.untilDenied();
      const second = await world.sendBatch();
      expect(await world.statusesOf(second)).toEqual(['scheduled']);
      return async () => {
        for (const batch of [first, second]) await world.untilBatchDelivered(batch);
      };
    },
  },
  { role: 'Functions/sweep/Role', action: 'dynamodb:Query', log: 'sweep', use: stranded },
  { role: 'Functions/sweep/Role', action: 'sqs:SendMessage', log: 'sweep', use: stranded },
  {
    role: 'Functions/sweep/Role',
    action: 'secretsmanager:GetSecretValue',
    log: 'sweep',
    // The admin key is one part of a run, and holds up no other.
    use: async (world) => {
      await world.withdraw('Functions/send/Role', 'sqs:SendMessage');
      const id = await world.send();
      await world.makeDue(id);
      await world.stack.invoke('sweep');
      await world.untilDenied();
      await world.untilDelivered(id);
      return async () => {};
    },
  },
];
