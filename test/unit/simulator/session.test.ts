import { describe, expect, test } from 'vitest';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { SUBMIT } from '../../esme.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { bound, connected, endWithEachTest, NO_RECEIPT, simulator, start } from './stage.ts';

endWithEachTest();

describe('binding', () => {
  test.each(['transmitter', 'receiver', 'transceiver'] as const)('a %s bind is answered in kind', async (bindType) => {
    await start();
    const esme = await connected();
    expect(await esme.bind({ bindType })).toEqual({
      command: `bind_${bindType}_resp`,
      status: 0,
      sequence: 1,
      systemId: 'MC',
      tlvs: [{ tag: 0x0210, value: Buffer.from([0x34]) }],
    });
    expect(simulator.links).toMatchObject([{ id: 1, systemId: 'bindery', bindType }]);
  });

  test('an ESME older than SMPP 3.4 gets no TLV', async () => {
    await start();
    expect(await (await connected()).bind({ interfaceVersion: 0x33 })).not.toHaveProperty('tlvs');
  });

  test('a wrong system id is 0x0F, a wrong password 0x0E, and the right one may follow', async () => {
    await start();
    const esme = await connected();
    expect(await esme.bind({ systemId: 'nobody' })).toMatchObject({ status: 0x0f });
    expect(await esme.bind({ password: 'secret1' })).toMatchObject({ status: 0x0e });
    expect(await esme.bind()).toMatchObject({ status: 0 });
  });

  test('a second bind on a session is 0x05', async () => {
    await start();
    expect(await (await bound()).bind()).toMatchObject({ status: 0x05 });
  });

  test('a session beyond the limit is 0x05 until another has gone', async () => {
    await start({ systems: [{ systemId: 'bindery', password: 'secret12', maxSessions: 1 }] });
    const first = await bound();
    const second = await connected();
    expect(await second.bind()).toMatchObject({ status: 0x05 });
    first.close();
    await simulator.until(() => simulator.links.length === 1);
    expect(await second.bind()).toMatchObject({ status: 0 });
  });

  test('a connection that does not bind in time is closed', async () => {
    const clock = new SimulatedClock();
    await start({ clock, bindTimeoutMs: 30_000 });
    const esme = await connected();
    await simulator.until(() => simulator.links.length === 1);
    await clock.passMs(29_999);
    esme.send({ command: 'enquire_link' });
    await esme.take('enquire_link_resp');
    await clock.passMs(1);
    await esme.gone();
  });

  test('a session on which something comes is kept, one on which nothing comes is unbound', async () => {
    const clock = new SimulatedClock();
    await start({ clock, inactivityMs: 180_000 });
    const esme = await bound();
    for (let round = 0; round < 3; round += 1) {
      await clock.passMs(179_999);
      esme.send({ command: 'enquire_link' });
      await esme.take('enquire_link_resp');
    }
    expect(simulator.events.map(({ kind }) => kind)).not.toContain('unbound');
    await clock.passMs(180_000);
    const { sequence } = await esme.take('unbind');
    esme.answer({ command: 'unbind_resp' }, sequence);
    await esme.gone();
    expect(simulator.events).toContainEqual(expect.objectContaining({ kind: 'unbound', by: 'simulator' }));
  });
});

describe('states of a session', () => {
  test('submit_sm before the bind, or on a receiver, is 0x04', async () => {
    await start();
    expect(await (await connected()).submitted()).toMatchObject({ status: 0x04 });
    expect(await (await bound('receiver')).submitted()).toMatchObject({ status: 0x04 });
    expect(simulator.submits.map(({ accepted, systemId }) => [accepted, systemId])).toEqual([
      [false, ''],
      [false, 'bindery'],
    ]);
  });

  test('enquire_link is answered, before the bind too', async () => {
    await start();
    const esme = await connected();
    const sequence = esme.send({ command: 'enquire_link' });
    expect(await esme.take('enquire_link_resp')).toMatchObject({ status: 0, sequence });
  });

  test('unbind is answered and the connection closed; without a bind it is 0x04', async () => {
    await start();
    const esme = await connected();
    esme.send({ command: 'unbind' });
    expect(await esme.take('unbind_resp')).toMatchObject({ status: 0x04 });
    await esme.bind();
    esme.send({ command: 'unbind' });
    expect(await esme.take('unbind_resp')).toMatchObject({ status: 0 });
    await esme.gone();
  });

  test('unknown commands and those of a message centre are answered generic_nack 0x03 with their sequence', async () => {
    await start();
    const esme = await bound();
    esme.write(Buffer.from('00000010000007770000000000000041', 'hex'));
    expect(await esme.take('generic_nack')).toMatchObject({ status: 0x03, sequence: 0x41 });
    const sequence = esme.send({ ...SUBMIT, command: 'deliver_sm' });
    expect(await esme.take('generic_nack')).toMatchObject({ status: 0x03, sequence });
    // An unknown answer is no request.
    esme.write(Buffer.from('00000010800007770000000000000042', 'hex'));
    esme.send({ command: 'enquire_link' });
    await esme.take('enquire_link_resp');
    expect(esme.inbox).toEqual([]);
  });

  test.each([0, 4, 15, 70_001, 2 ** 31])(
    'command_length %d is answered generic_nack 0x02, and closed',
    async (length) => {
      await start();
      const esme = await bound();
      const octets = Buffer.alloc(16);
      octets.writeUInt32BE(length, 0);
      esme.write(octets);
      expect(await esme.take('generic_nack')).toMatchObject({ status: 0x02, sequence: 0 });
      await esme.gone();
    },
  );

  test('a submit_sm that does not parse is answered 0x02, and the session goes on', async () => {
    await start();
    const esme = await bound();
    const octets = encodePdu({ ...SUBMIT, status: 0, sequence: 9 }).subarray(0, 30);
    octets.writeUInt32BE(30, 0);
    esme.write(octets);
    expect(await esme.take('submit_sm_resp')).toMatchObject({ status: 0x02, sequence: 9 });
    expect(await esme.submitted(NO_RECEIPT)).toMatchObject({ status: 0 });
    // An answer is never answered, however odd.
    esme.write(Buffer.from('0000001180000005000000000000000161', 'hex'));
    esme.send({ command: 'enquire_link' });
    await esme.take('enquire_link_resp');
    expect(esme.inbox).toEqual([]);
    expect(simulator.events).toContainEqual(
      expect.objectContaining({ kind: 'protocol_fault', reason: expect.stringContaining('malformed submit_sm') }),
    );
  });

  test('a connection that ends within a PDU is told from one that ends between two', async () => {
    await start();
    const [whole, cut] = [await bound(), await bound()];
    cut.write(Buffer.from([0, 0]));
    cut.send({ command: 'enquire_link' });
    await simulator.until(() => simulator.links.length === 2);
    whole.close();
    cut.close();
    await simulator.until(() => simulator.links.length === 0);
    const closed = simulator.events.flatMap((event) => (event.kind === 'closed' ? [event] : []));
    expect(closed.toSorted((a, b) => a.link - b.link).map(({ cutOff }) => cutOff)).toEqual([false, true]);
  });
});
