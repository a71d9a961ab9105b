import { describe, expect, test } from 'vitest';
import type { Link } from '../../../binder/simulator/behaviour.ts';
import { startSimulator } from '../../../binder/simulator/simulator.ts';
import { Esme } from '../../esme.ts';
import { bound, connected, endWithEachTest, NO_RECEIPT, pause, simulator, start } from './stage.ts';

endWithEachTest();

describe('the whole message centre', () => {
  test('closing with grace unbinds the sessions and waits for their answer', async () => {
    await start();
    const esme = await bound();
    const closing = simulator.close({ graceMs: 2000 });
    const { sequence } = await esme.take('unbind');
    esme.answer({ command: 'unbind_resp' }, sequence);
    await closing;
    await esme.gone();
    await expect(Esme.connect(simulator.port)).rejects.toThrow('ECONNREFUSED');
  });

  test('a port in use is an error with its code', async () => {
    await start();
    await expect(startSimulator({ port: simulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('connections can be dropped at once, and new ones come', async () => {
    await start();
    const esme = await bound();
    simulator.dropConnections();
    await esme.gone();
    expect(await (await connected()).bind()).toMatchObject({ status: 0 });
  });

  /** Sends what the peer does not read, until the operating systems' buffers are full and more. */
  function clog(link: Link): void {
    const large = Buffer.alloc(60_000);
    large.writeUInt32BE(large.length, 0);
    while (link.unsentOctets < 1_000_000) link.write(large);
  }

  test('a peer that does not take what is sent is not read either, so that memory stays bounded', async () => {
    await start();
    const esme = await bound();
    esme.pause();
    clog(simulator.links[0]!);
    esme.submit(NO_RECEIPT);
    await pause(50);
    expect(simulator.submits).toEqual([]);
    esme.resume();
    expect(await esme.take('submit_sm_resp')).toMatchObject({ status: 0 });
  });

  test('a link that was paused stays so when its buffer drains, until it is resumed', async () => {
    await start();
    const esme = await bound();
    const link = simulator.links[0]!;
    link.pause();
    esme.pause();
    clog(link);
    esme.resume();
    await simulator.until(() => link.unsentOctets === 0);
    esme.submit(NO_RECEIPT);
    await pause(50);
    expect(simulator.submits).toEqual([]);
    link.resume();
    expect(await esme.take('submit_sm_resp')).toMatchObject({ status: 0 });
  });

  test('what a link was to do later is not done once it has ended', async () => {
    await start();
    const esme = await bound();
    let done = false;
    simulator.links[0]!.after(40, () => (done = true));
    esme.close();
    await simulator.until(() => simulator.links.length === 0);
    await pause(60);
    expect(done).toBe(false);
  });
});
