import { afterAll, describe, test, vi } from 'vitest';
import type { CarrierAccount } from '../../../binder/carrier-account.ts';
import { quietLog } from '../../fixtures/log.ts';
import { refuseFirst, refuseText } from '../../misbehaviours/answers.ts';
import { type Office, World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const world = await World.start();

const offices: Office[] = [];
const binders: CarrierAccount[] = [];
// All at once: each has to wait for its last poll.
afterAll(async () => {
  await Promise.all(binders.map((binder) => binder.stop()));
  await Promise.all(offices.map(({ simulator }) => simulator.close()));
});

async function openOffice(...options: Parameters<World['office']>): Promise<Office> {
  const office = await world.office(...options);
  offices.push(office);
  return office;
}

/** A binder whose waits between binds are short. */
function start(office: Office) {
  const log = quietLog();
  const binder = office.start('a', { log, timeScale: 0.01, random: () => 0.5 });
  binders.push(binder);
  return { binder, log };
}

describe.concurrent('a submit that is answered as if it were not bound', () => {
  test.for([
    { status: 0x04, alarm: false },
    { status: 0x05, alarm: false },
    { status: 0x03, alarm: true },
  ])(
    '0x0$status: the session is replaced, and the message is sent with no attempt counted',
    async ({ status, alarm }, { expect }) => {
      // No second submit before the first is answered.
      const office = await openOffice({ behaviours: [refuseFirst(status, 1)] }, { submitWindow: 1 });
      const ids = await office.sendMany('bulk', 4);
      const { log } = start(office);
      await expect.poll(() => office.statusesOf(ids), { timeout: 30_000 }).toEqual(Array(4).fill('sent'));

      expect(office.simulator.submits[0]).toMatchObject({ link: 1, status });
      expect(new Set(office.simulator.submits.slice(1).map(({ link }) => link))).toEqual(new Set([2]));
      expect(office.acceptedTexts.toSorted()).toEqual(['bulk 0', 'bulk 1', 'bulk 2', 'bulk 3']);
      const messages = await Promise.all(ids.map((id) => world.messages.get(id)));
      for (const segment of messages.flatMap((message) => message?.segments ?? [])) {
        expect(segment).toMatchObject({ state: 'accepted', resends: 0 });
        expect(segment.temporaryRefusals).toBeUndefined();
      }
      expect(log.lines).toContainEqual(
        expect.objectContaining({ message: 'session waiting', reason: 'rebind', commandStatus: status, alarm }),
      );
    },
  );
});

describe.concurrent('a queue of the operator that is full', () => {
  test('may be that of one recipient: after the pause somebody else is next, and no attempt is counted', async ({
    expect,
  }) => {
    const pause = { action: 'pause', cause: 'queue', firstMs: 300, maxMs: 60_000 } as const;
    const office = await openOffice(
      { behaviours: [refuseText(0x14, 'bulk 0')] },
      { statuses: { submit: { '0x14': pause } } },
    );
    const [full = '', ...others] = await office.sendMany('bulk', 6);
    start(office);
    await expect.poll(() => office.statusesOf(others), { timeout: 30_000 }).toEqual(Array(5).fill('sent'));

    const refused = office.simulator.submits.flatMap(({ status }, at) => (status === 0x14 ? [at] : []));
    expect(refused.length).toBeGreaterThanOrEqual(1);
    for (const at of refused) expect(refused).not.toContain(at + 1);
    const message = await world.messages.get(full);
    expect(['queued', 'sending']).toContain(message?.status);
    expect(message?.segments[0]?.temporaryRefusals).toBeUndefined();
  });
});

describe.concurrent('a message that the operator refuses', () => {
  test("keeps the raw code, its name in SMPP 3.4 and the operator's words", async ({ expect }) => {
    const words = { '0x0D': 'Invalid source address' };
    const system = { systemId: 'bindery', password: 'secret12', senderIds: ['OTHER'] };
    const office = await openOffice({ systems: [system] }, { statuses: { words } });
    const [id = ''] = await office.sendMany('otp', 1);
    start(office);
    await expect.poll(() => office.statusesOf([id]), { timeout: 30_000 }).toEqual(['failed']);

    expect(await world.messages.get(id)).toMatchObject({
      segments: [{ state: 'refused', commandStatus: 0x0d }],
      error: {
        code: 'sender_not_allowed',
        operatorCode: '0x0D',
        operatorName: 'ESME_RBINDFAIL',
        operatorWords: 'Invalid source address',
        retryable: false,
      },
    });
  });
});

describe.concurrent('a queue message that is none of ours', () => {
  test('stands in the dead-letter queue of its lane with its reason, and others go on', async ({ expect }) => {
    const office = await openOffice();
    const { name } = office.account;
    await world.sendRaw(name, 'otp', '{"to":"somebody"}');
    const ids = await office.sendMany('otp', 1);
    const { binder } = start(office);
    await expect.poll(() => office.statusesOf(ids), { timeout: 30_000 }).toEqual(['sent']);

    expect(await world.deadLetters(name, 'otp')).toMatchObject([
      {
        Body: '{"to":"somebody"}',
        MessageAttributes: {
          reason: { StringValue: 'unreadable' },
          detail: { StringValue: 'the body is none of ours' },
        },
      },
    ]);
    await expect.poll(() => world.waiting(name), { timeout: 5_000 }).toBe(0);
    expect(binder.snapshot()).toMatchObject({ deadLettered: { unreadable: 1 } });
  });
});
