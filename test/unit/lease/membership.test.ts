import { describe, expect, test } from 'vitest';
import { MEMBERSHIP_TIMES, Membership } from '../../../binder/lease/membership.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { MemoryHeartbeats } from './memory-heartbeats.ts';

const { beatMs, lifeMs, callMs } = MEMBERSHIP_TIMES;

function world() {
  const clock = new SimulatedClock();
  const heartbeats = new MemoryHeartbeats(clock);
  const start = async (owner: string, originMs = 0) => {
    const log = quietLog();
    const looks: number[] = [];
    const membership = new Membership({
      owner,
      store: heartbeats.for(owner),
      clock: { now: () => clock.now() + originMs, setTimer: (ms, fn) => clock.setTimer(ms, fn) },
      log,
      onLook: () => looks.push(clock.now()),
    });
    await membership.start();
    return { membership, log, looks, live: () => [...membership.live].sort() };
  };
  return { clock, heartbeats, start };
}

describe('the binder processes that there are', () => {
  test('a process alone knows itself, at once', async () => {
    const { start } = world();

    expect((await start('a')).live()).toEqual(['a']);
  });

  test('a newcomer knows the others at once, and they know it one beat later, by clocks that disagree', async () => {
    const { clock, start } = world();
    const a = await start('a', 5_000_000);
    const b = await start('b', -3_000_000);
    expect(b.live()).toEqual(['a', 'b']);

    await clock.passMs(beatMs);

    expect(a.live()).toEqual(['a', 'b']);
    expect(a.log.lines).toMatchObject([{ message: 'binders changed', live: 2, came: ['b'], went: [] }]);
  });

  test('they stay for as long as they give signs of life, and it is known for how long nothing changed', async () => {
    const { clock, start } = world();
    const a = await start('a');
    await start('b');
    await clock.passMs(beatMs);

    await clock.passMs(10 * lifeMs);

    expect(a.live()).toEqual(['a', 'b']);
    expect(a.membership.unchangedForMs).toBe(10 * lifeMs);
  });

  test('one that stops is gone with the next look, however soon', async () => {
    const { clock, start } = world();
    const a = await start('a');
    const b = await start('b');
    await clock.passMs(beatMs);

    await b.membership.stop();
    await a.membership.look();

    expect(a.live()).toEqual(['a']);
    expect(a.membership.unchangedForMs).toBe(0);
  });

  test('one that stopped gives no sign of life any more and looks no more', async () => {
    const { clock, heartbeats, start } = world();
    const a = await start('a');
    await a.membership.stop();
    const { calls } = heartbeats;

    await clock.passMs(5 * lifeMs);

    expect(heartbeats.calls).toBe(calls);
    expect(heartbeats.beats.size).toBe(0);
  });

  test('a sign of life that was on its way when it stopped does not come after the farewell', async () => {
    const { clock, heartbeats, start } = world();
    const a = await start('a');
    heartbeats.writeMs = 300;
    await clock.passMs(beatMs + 100);

    const stopped = a.membership.stop();
    await clock.passMs(1_000);
    await stopped;

    expect(heartbeats.beats.size).toBe(0);
  });

  test('one that was killed is dead after a life without a beat, and its heartbeat is taken away for it', async () => {
    const { clock, heartbeats, start } = world();
    const a = await start('a');
    await start('b');
    await clock.passMs(beatMs);
    heartbeats.unreachable.add('b');

    await clock.passMs(lifeMs - beatMs);
    expect(a.live()).toEqual(['a', 'b']);
    await clock.passMs(2 * beatMs);

    expect(a.live()).toEqual(['a']);
    expect([...heartbeats.beats.keys()]).toEqual(['a']);
  });

  test('one that was taken for dead is back with its next beat', async () => {
    const { clock, heartbeats, start } = world();
    const a = await start('a');
    await start('b');
    heartbeats.unreachable.add('b');
    await clock.passMs(2 * lifeMs);
    heartbeats.unreachable.delete('b');

    await clock.passMs(2 * beatMs);

    expect(a.live()).toEqual(['a', 'b']);
  });

  test('a process whose store fails takes the others for dead in the end, goes on, and says so', async () => {
    const { clock, heartbeats, start } = world();
    const a = await start('a');
    await start('b');
    await clock.passMs(beatMs);
    heartbeats.unreachable.add('a');

    await clock.passMs(lifeMs + beatMs);

    expect(a.live()).toEqual(['a']);
    expect(a.log.lines.map(({ message }) => message)).toContain('heartbeats not read, trying again');
    heartbeats.unreachable.delete('a');
    await clock.passMs(beatMs);
    expect(a.live()).toEqual(['a', 'b']);
  });

  test('a store that hangs keeps nobody from starting or stopping', async () => {
    const { clock } = world();
    const hangs = () => new Promise<never>(() => undefined);
    const membership = new Membership({
      owner: 'a',
      store: { write: hangs, list: hangs, leave: hangs, bury: hangs },
      clock,
      log: quietLog(),
      onLook: () => undefined,
    });
    let started = false;
    let stopped = false;

    void membership.start().then(() => {
      started = true;
    });
    await clock.passMs(2 * callMs);
    expect(started).toBe(true);
    void membership.stop().then(() => {
      stopped = true;
    });
    await clock.passMs(callMs);

    expect(stopped).toBe(true);
  });

  test('asked to look many times at once it looks once', async () => {
    const { heartbeats, start } = world();
    const a = await start('a');
    const { calls } = heartbeats;

    await Promise.all([a.membership.look(), a.membership.look(), a.membership.look()]);

    expect(heartbeats.calls).toBe(calls + 1);
    expect(a.looks).toHaveLength(2);
  });
});
