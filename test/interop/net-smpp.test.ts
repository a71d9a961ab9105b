import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulator } from '../../binder/simulator/simulator.ts';
import type { Message } from '../../shared/domain/message.ts';
import { until } from '../e2e/until.ts';
import { openStores } from '../integration/misbehaviour/stores.ts';
import { describeWith } from './debian.ts';
import { Binder } from './net-smpp/binder.ts';
import { Program } from './net-smpp/program.ts';
import { gsmHex, TEXTS, ucs2Hex } from './texts.ts';

const COMMAND = {
  bindReceiver: 0x1,
  bindTransmitter: 0x2,
  submitSm: 0x4,
  deliverSm: 0x5,
  unbind: 0x6,
  bindTransceiver: 0x9,
  enquireLink: 0x15,
  bindReceiverResp: 0x80000001,
  bindTransmitterResp: 0x80000002,
  submitSmResp: 0x80000004,
  deliverSmResp: 0x80000005,
  unbindResp: 0x80000006,
  bindTransceiverResp: 0x80000009,
  enquireLinkResp: 0x80000015,
};

const UDH_HEX_DIGITS = 12;

const describeWithNetSmpp = await describeWith('libnet-smpp-perl');

async function startCentre(): Promise<{ centre: Program; port: number }> {
  const centre = new Program('message-centre.pl');
  await centre.until('its port', () => centre.told.length > 0);
  return { centre, port: Number(centre.told[0]?.['port']) };
}

describeWithNetSmpp('the binder, as a transceiver, and a message centre on Net::SMPP', () => {
  let centre: Program;
  let binder: Binder;
  let delivered: Message[];

  const submitsOf = (which: number) => {
    const number = `0${binder.sent[which]?.to.slice('+63'.length)}`;
    return centre.of(COMMAND.submitSm).filter((submit) => submit['destination_addr'] === number);
  };

  beforeAll(async () => {
    const stores = await openStores();
    const started = await startCentre();
    centre = started.centre;
    binder = await Binder.start(stores, { port: started.port, bindType: 'transceiver' }, [
      { lane: 'otp', text: TEXTS.gsm },
      { lane: 'transactional', text: TEXTS.ucs2 },
      { lane: 'transactional', text: TEXTS.longGsm },
      { lane: 'bulk', text: TEXTS.longUcs2 },
    ]);
    delivered = await binder.delivered();
  }, 40_000);

  afterAll(async () => {
    await binder?.stop();
    centre?.end();
  }, 30_000);

  test('bind: it reads who binds and how', () => {
    expect(centre.of(COMMAND.bindTransceiver)).toMatchObject([
      { system_id: 'bindery', password: 'secret12', system_type: 'VMA', interface_version: '52', address_range: '' },
    ]);
  });

  test('a text in the GSM alphabet arrives octet by octet, with its addresses', () => {
    expect(submitsOf(0)).toMatchObject([
      {
        source_addr: 'Bindery',
        source_addr_ton: '5',
        source_addr_npi: '0',
        dest_addr_ton: '0',
        dest_addr_npi: '1',
        data_coding: '0',
        esm_class: '0',
        registered_delivery: '1',
        validity_period: expect.stringMatching(/^0000\d{8}000R$/),
        user_message_reference: expect.stringMatching(/^[0-9a-f]{4}$/),
        short_message: gsmHex(TEXTS.gsm),
      },
    ]);
  });

  test('a text in UCS-2 arrives in UTF-16, high octet first', () => {
    expect(submitsOf(1)).toMatchObject([{ data_coding: '8', esm_class: '0', short_message: ucs2Hex(TEXTS.ucs2) }]);
  });

  test.each([
    ['GSM', 2, gsmHex(TEXTS.longGsm), '0'],
    ['UCS-2', 3, ucs2Hex(TEXTS.longUcs2), '8'],
  ])('a long text in %s arrives in parts that say how they belong together', (_, which, hex, dataCoding) => {
    const parts = submitsOf(which).map((submit) => String(submit['short_message']));
    const reference = parts[0]?.slice(6, 8);
    expect(parts.map((part) => part.slice(0, UDH_HEX_DIGITS))).toEqual([
      `050003${reference}0201`,
      `050003${reference}0202`,
    ]);
    expect(parts.map((part) => part.slice(UDH_HEX_DIGITS)).join('')).toBe(hex);
    for (const submit of submitsOf(which)) expect(submit).toMatchObject({ esm_class: '64', data_coding: dataCoding });
  });

  test('its receipts find their segments, and each is answered', () => {
    const segments = delivered.flatMap((message) => message.segments);
    expect(segments).toHaveLength(centre.of(COMMAND.submitSm).length);
    for (const { receipt, mcMessageId } of segments) {
      expect(receipt).toMatchObject({ state: 'delivered', stat: 'DELIVRD' });
      expect(mcMessageId).toMatch(/^40000000\d\d$/);
    }
    const statuses = centre.of(COMMAND.deliverSmResp).map(({ status }) => status);
    expect(statuses).toEqual(segments.map(() => '0'));
  });

  test('enquire_link goes both ways', async () => {
    centre.command('enquire');
    await centre.until('the answer', () => centre.of(COMMAND.enquireLinkResp).length === 1);
    expect(centre.of(COMMAND.enquireLinkResp)).toMatchObject([{ status: '0' }]);
    // Had the first question not been answered, there would not be a second on the same session.
    await centre.until('two questions', () => centre.of(COMMAND.enquireLink).length >= 2);
    expect(centre.of(COMMAND.bindTransceiver)).toHaveLength(1);
    expect(binder.isBound).toBe(true);
  });

  test('unbind by the message centre is answered, and the binder binds again', async () => {
    centre.command('unbind');
    await centre.until('the answer', () => centre.of(COMMAND.unbindResp).length === 1);
    await centre.until('the next bind', () => centre.of(COMMAND.bindTransceiver).length === 2);
    await until('the session', 5_000, () => binder.isBound);
    expect(centre.of(COMMAND.unbindResp)).toMatchObject([{ status: '0' }]);
  });

  test('unbind by the binder ends the session', async () => {
    await binder.stop();
    expect(centre.of(COMMAND.unbind)).toHaveLength(1);
    expect(centre.told.at(-1)).toMatchObject({ cmd: String(COMMAND.unbind) });
  });
});

describeWithNetSmpp('the binder, as a transmitter and a receiver, and a message centre on Net::SMPP', () => {
  test('both bind, a message goes out on one, its receipt comes in on the other, and both unbind', async () => {
    const stores = await openStores();
    const { centre, port } = await startCentre();
    try {
      const outgoing = [{ lane: 'otp', text: TEXTS.gsm }] as const;
      const binder = await Binder.start(stores, { port, bindType: 'transmitter+receiver' }, outgoing);
      await binder.delivered();
      await binder.stop();
    } finally {
      centre.end();
    }
    const identity = { system_id: 'bindery', password: 'secret12', interface_version: '52' };
    expect(centre.of(COMMAND.bindTransmitter)).toMatchObject([identity]);
    expect(centre.of(COMMAND.bindReceiver)).toMatchObject([identity]);
    expect(centre.of(COMMAND.submitSm)).toMatchObject([{ short_message: gsmHex(TEXTS.gsm) }]);
    expect(centre.of(COMMAND.deliverSmResp)).toMatchObject([{ status: '0' }]);
    expect(centre.of(COMMAND.unbind)).toHaveLength(2);
  }, 40_000);
});

describeWithNetSmpp('an ESME on Net::SMPP and the simulated message centre', () => {
  test('binds of all three types, enquire_link, submits, receipts and a refusal, and unbind', async () => {
    const simulator = await startSimulator({ receiptDelayMs: 50, receiptJitter: 0 });
    const esme = new Program('esme.pl', String(simulator.port));
    try {
      await esme.untilEnded();
    } finally {
      esme.end();
      await simulator.close();
    }
    const [whole, refused, ...parts] = simulator.submits;
    expect(whole).toMatchObject({ text: 'Hello from Perl', source: 'NETSMPP', accepted: true });
    expect(refused).toMatchObject({ destination: '123', accepted: false });
    expect(simulator.messages()).toMatchObject([
      { text: 'Hello from Perl', complete: true },
      { text: 'Привет', complete: true },
    ]);
    const ok = (cmd: number) => ({ cmd: String(cmd), status: '0' });
    const receiptOf = (messageId = 'none') => ({
      cmd: String(COMMAND.deliverSm),
      source_addr: '09175550123',
      destination_addr: 'NETSMPP',
      esm_class: '4',
      receipted_message_id: `${messageId}\0`,
      message_state: '\u0002',
      short_message: expect.stringContaining(`id:${messageId} sub:001 dlvrd:001`),
    });
    expect(esme.told).toMatchObject([
      { ...ok(COMMAND.bindTransceiverResp), system_id: 'MC', sc_interface_version: '4' },
      ok(COMMAND.enquireLinkResp),
      { ...ok(COMMAND.submitSmResp), message_id: whole?.messageId },
      receiptOf(whole?.messageId),
      { cmd: String(COMMAND.submitSmResp), status: String(0x0e) },
      ok(COMMAND.unbindResp),
      ok(COMMAND.bindReceiverResp),
      ok(COMMAND.bindTransmitterResp),
      ...parts.map(({ messageId }) => ({ ...ok(COMMAND.submitSmResp), message_id: messageId })),
      ...parts.map(({ messageId }) => receiptOf(messageId)),
      ok(COMMAND.unbindResp),
      ok(COMMAND.unbindResp),
    ]);
    const answered = simulator.events.filter(({ kind }) => kind === 'delivery_answered');
    expect(answered).toMatchObject([{ status: 0 }, { status: 0 }, { status: 0 }]);
    expect(simulator.events.filter(({ kind }) => kind === 'protocol_fault')).toEqual([]);
  });
});
