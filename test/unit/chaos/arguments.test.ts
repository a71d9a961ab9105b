import { describe, expect, test } from 'vitest';
import { readArguments } from '../../chaos/arguments.ts';

describe('npm run chaos', () => {
  test('runs for a minute with a new seed and all faults', () => {
    expect(readArguments([], 42)).toEqual({
      kind: 'run',
      seconds: 60,
      seed: 42,
      segmentsPerSecond: 10,
      messagesPerSecond: 5,
      keep: false,
    });
  });

  test('takes everything from its command line', () => {
    const argv = '--seconds 600 --seed 0 --tps 50 --messages-per-second 0.5 --faults kill,aws-hang,receipts --keep';
    expect(readArguments(argv.split(' '), 42)).toEqual({
      kind: 'run',
      seconds: 600,
      seed: 0,
      segmentsPerSecond: 50,
      messagesPerSecond: 0.5,
      faults: [
        'kill',
        'receipts-first',
        'receipts-twice',
        'receipts-reversed',
        'receipts-never',
        'receipts-unknown',
        'aws-hang',
      ],
      keep: true,
    });
  });

  test.each([
    ['--seconds', '4', /--seconds takes a whole number from 5/],
    ['--seconds', '6.5', /--seconds takes a whole number/],
    ['--seed', 'x', /--seed takes a whole number/],
    ['--seed', '', /--seed takes a whole number/],
    ['--tps', '0', /--tps takes a whole number from 1/],
    ['--messages-per-second', '0', /--messages-per-second takes a number from 0.1/],
    ['--faults', 'kill,krill', /there is no krill; see --help/],
    ['--bogus', '1', /--bogus/],
  ])('refuses %s %s and says why', (flag, value, why) => {
    expect(readArguments([flag, value], 42)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(why) as string,
    });
  });

  test('helps', () => {
    expect(readArguments(['--help'], 42)).toEqual({ kind: 'help' });
  });
});
