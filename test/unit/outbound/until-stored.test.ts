import { describe, expect, test } from 'vitest';
import { LeaseGoneError, untilStored } from '../../../binder/outbound/until-stored.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

/** A write that throws what it is told to, in turn, and then succeeds; and how it ended. */
function writing(...faults: Error[]) {
  const clock = new SimulatedClock(0);
  const gone = new AbortController();
  const timesMs: number[] = [];
  const write = async (): Promise<string> => {
    timesMs.push(clock.now());
    const fault = faults.shift();
    if (fault) throw fault;
    return await Promise.resolve('stored');
  };
  const ended = untilStored(write, { clock, log: quietLog(), gone: gone.signal }).catch((error: unknown) => error);
  return { clock, gone, timesMs, ended };
}

describe('a write that must be stored', () => {
  test('is repeated for as long as the table fails, ever more slowly, up to every five seconds', async () => {
    const { clock, timesMs, ended } = writing(...Array.from({ length: 8 }, () => new Error('not reached')));
    await clock.passMs(60_000);

    expect(await ended).toBe('stored');
    expect(timesMs.slice(1).map((atMs, i) => atMs - (timesMs[i] ?? 0))).toEqual([
      200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000,
    ]);
  });

  test.each([
    new TypeError('segments is undefined'),
    new RangeError('no such segment'),
    Object.assign(new Error('Item size has exceeded the maximum'), { name: 'ValidationException' }),
  ])('is given up where it is no fault of the table: $name, the third time', async (fault) => {
    const { clock, timesMs, ended } = writing(fault, new Error('not reached'), fault, fault);
    await clock.passMs(60_000);

    expect(await ended).toBe(fault);
    expect(timesMs).toHaveLength(4);
  });

  test('is not given up for two such faults: an answer that was cut short looks like one', async () => {
    const fault = new TypeError('Items is undefined');
    const { clock, ended } = writing(fault, fault);
    await clock.passMs(60_000);

    expect(await ended).toBe('stored');
  });

  test('ends when the lease is gone, in the middle of a wait too', async () => {
    const { clock, gone, timesMs, ended } = writing(...Array.from({ length: 8 }, () => new Error('not reached')));
    await clock.passMs(1_000);
    gone.abort();

    expect(await ended).toBeInstanceOf(LeaseGoneError);
    expect(timesMs).toHaveLength(3);
    await clock.passMs(10_000);
    expect(clock.pending).toBe(0);
  });
});
