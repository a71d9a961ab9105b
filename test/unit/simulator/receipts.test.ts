import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';
import { decideByLastDigits } from '../../../binder/simulator/outcome.ts';
import type { SimulatorOptions } from '../../../binder/simulator/settings.ts';
import type { Pdu, SubmitSm } from '../../../binder/smpp/pdu.ts';
import { findTlv, TAG, tlvText } from '../../../binder/smpp/tlv.ts';
import type { Esme } from '../../esme.ts';
import { bound, connected, endWithEachTest, pause, simulator, start as startWith } from './stage.ts';

endWithEachTest();

async function start(options: SimulatorOptions = {}): Promise<void> {
  await startWith({ receiptDelayMs: 20, receiptRetryMs: 30, ...options });
}
function to(address: string): Partial<SubmitSm> {
  return { destination: { ton: 2, npi: 1, address } };
}
function acknowledge(esme: Esme, { sequence }: Pdu, status = 0): void {
  esme.answer({ command: 'deliver_sm_resp' }, sequence, status);
}
const receiptedId = (pdu: { tlvs: SubmitSm['tlvs'] }): string => tlvText(findTlv(pdu.tlvs, TAG.receiptedMessageId)!);

describe('receipts', () => {
  test('say it in text and in TLVs, from the subscriber back to the sender', async () => {
    await start({ wallClock: () => Date.UTC(2026, 10, 22, 17, 5) });
    const esme = await bound();
    const { messageId } = await esme.submitted({ shortMessage: Buffer.from('Kumusta po kayo diyan ngayon?') });
    const receipt = await esme.take('deliver_sm');
    expect(receipt).toMatchObject({
      esmClass: 0x04,
      dataCoding: 0,
      source: { address: '09171234567' },
      destination: { address: 'MSG95', ton: 5 },
      tlvs: [
        { tag: 0x001e, value: Buffer.from(`${messageId}\0`) },
        { tag: 0x0427, value: Buffer.from([2]) },
      ],
    });
    // 01:05 of the next day in Manila.
    expect(receipt.shortMessage.toString()).toBe(
      `id:${messageId} sub:001 dlvrd:001 submit date:2611230105 done date:2611230105 stat:DELIVRD err:000 text:Kumusta po kayo diya`,
    );
  });

  test.each([
    ['0001', 'UNDELIV', 5],
    ['0002', 'EXPIRED', 3],
    ['0003', 'UNKNOWN', 7],
    ['4321', 'DELIVRD', 2],
  ])('a number that ends with %s is %s', async (digits, stat, messageState) => {
    await start();
    const esme = await bound();
    await esme.submitted(to(`0917123${digits}`));
    const receipt = await esme.take('deliver_sm');
    expect(receipt.shortMessage.toString()).toContain(` stat:${stat} `);
    expect(findTlv(receipt.tlvs, TAG.messageState)).toEqual(Buffer.from([messageState]));
  });

  test.each([
    ['0006', 0x0e],
    ['0007', 0x0d],
    ['0008', 0x08],
    ['0009', 0x14],
  ])('a number that ends with %s is refused', (digits, status) => {
    const segment = { systemId: '', source: '', text: '', segmentIndex: 1, segments: 1, ordinal: 1 };
    expect(decideByLastDigits({ ...segment, destination: `0917123${digits}` })).toEqual({ status });
  });

  test('come only if asked for, and on request only for failures', async () => {
    await start();
    const esme = await bound();
    await esme.submitted({ registeredDelivery: 0 });
    await esme.submitted({ registeredDelivery: 2 });
    const undelivered = await esme.submitted({ registeredDelivery: 2, ...to('09171230001') });
    await esme.submitted(to('09171230004'));
    expect(receiptedId(await esme.take('deliver_sm'))).toBe(undelivered.messageId);
    await pause(60);
    expect(esme.inbox).toEqual([]);
  });

  test('take their delay from the seed, within the jitter', async () => {
    const delays = async (seed: number): Promise<number[]> => {
      const timers: number[] = [];
      const setTimer = (delayMs: number, action: () => void): (() => void) => {
        timers.push(delayMs);
        return systemClock.setTimer(delayMs, action);
      };
      const systems = [{ systemId: 'bindery', password: 'secret12', submitsPerSecond: 100 }];
      await start({ systems, seed, receiptDelayMs: 100, receiptJitter: 0.5, clock: { ...systemClock, setTimer } });
      const esme = await bound();
      for (let index = 0; index < 30; index += 1) await esme.submitted();
      await simulator.close();
      return timers.filter((delayMs) => delayMs <= 200);
    };
    const [first, same, other] = [await delays(3), await delays(3), await delays(4)];
    expect(first).toHaveLength(30);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(50);
    expect(Math.min(...first)).toBeLessThan(75);
    expect(Math.max(...first)).toBeGreaterThan(125);
    expect(Math.max(...first)).toBeLessThanOrEqual(150);
    expect(same).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('go to receivers of the same system id, never to transmitters or others', async () => {
    await start({
      systems: [
        { systemId: 'bindery', password: 'secret12' },
        { systemId: 'other', password: 'secret12' },
      ],
    });
    const transmitter = await bound('transmitter');
    const other = await connected();
    await other.bind({ systemId: 'other' });
    const { messageId } = await transmitter.submitted();
    await simulator.until(() => simulator.undelivered === 1);
    const receiver = await bound('receiver');
    expect(receiptedId(await receiver.take('deliver_sm'))).toBe(messageId);
    expect([transmitter.inbox, other.inbox]).toEqual([[], []]);
  });
});

describe('receipts until they are acknowledged', () => {
  test('one answered 0x64 comes again, one answered 0 does not', async () => {
    await start();
    const esme = await bound();
    await esme.submitted();
    const first = await esme.take('deliver_sm');
    acknowledge(esme, first, 0x64);
    const second = await esme.take('deliver_sm');
    expect(second.sequence).not.toBe(first.sequence);
    expect(receiptedId(second)).toBe(receiptedId(first));
    acknowledge(esme, second);
    await simulator.until(() => simulator.undelivered === 0);
    await pause(60);
    expect(esme.inbox).toEqual([]);
    const attempts = simulator.events.flatMap((event) => (event.kind === 'delivery_sent' ? [event.attempt] : []));
    expect(attempts).toEqual([1, 2]);
  });

  test('one that is never answered comes again after the timeout', async () => {
    await start({ receiptAnswerTimeoutMs: 150 });
    const esme = await bound();
    await esme.submitted();
    await esme.take('deliver_sm');
    acknowledge(esme, await esme.take('deliver_sm'));
    await simulator.until(() => simulator.undelivered === 0);
  });

  test('one that was on its way when the connection broke comes on the next', async () => {
    await start();
    const esme = await bound();
    const { messageId } = await esme.submitted();
    await esme.take('deliver_sm');
    esme.close();
    await simulator.until(() => simulator.links.length === 0);
    expect(simulator.undelivered).toBe(1);
    const again = await bound();
    expect(receiptedId(await again.take('deliver_sm'))).toBe(messageId);
  });

  test('no more than the window are unanswered at a time', async () => {
    await start({ receiptWindow: 3 });
    const esme = await bound();
    for (let id = 0; id < 10; id += 1) simulator.sendReceipt({ systemId: 'bindery', messageId: String(id) });
    for (let id = 0; id < 3; id += 1) await esme.take('deliver_sm');
    await expect(esme.take('deliver_sm', 50)).rejects.toThrow('no deliver_sm');
    acknowledge(esme, { command: 'deliver_sm_resp', sequence: 1, status: 0 });
    expect(receiptedId(await esme.take('deliver_sm'))).toBe('3');
  });

  test("a subscriber's message comes in parts, in the order asked for", async () => {
    await start();
    const esme = await bound();
    simulator.sendInbound('bindery', { from: '639171234567', to: '2158', text: 'ş'.repeat(140) }, [3, 1, 2]);
    const parts = [await esme.take('deliver_sm'), await esme.take('deliver_sm'), await esme.take('deliver_sm')];
    expect(parts.map(({ shortMessage }) => shortMessage[5])).toEqual([3, 1, 2]);
    expect(parts[0]).toMatchObject({ esmClass: 0x40, dataCoding: 8, source: { address: '639171234567' } });
  });
});
