import { describe, expect, test } from 'vitest';
import { BENCHES, readArguments } from '../../bench/arguments.ts';

describe('the command line of the bench', () => {
  test('without arguments everything is run at full length', () => {
    expect(readArguments([])).toEqual({ kind: 'run', only: BENCHES, json: undefined, scale: 1 });
  });

  test('--only chooses, in the order of the table, whatever the spaces', () => {
    expect(readArguments(['--only', 'f, a', '--json', 'out.json'])).toMatchObject({
      only: ['a', 'f'],
      json: 'out.json',
    });
  });

  test('--quick makes everything shorter', () => {
    expect(readArguments(['--quick'])).toMatchObject({ scale: 0.1 });
  });

  test('what there is not is refused by name', () => {
    expect(readArguments(['--only', 'a,z'])).toEqual({ kind: 'refused', why: 'there is no bench z' });
    expect(readArguments(['--fast'])).toMatchObject({ kind: 'refused' });
  });
});
