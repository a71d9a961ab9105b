import { describe, expect, test } from 'vitest';
import { readArguments } from '../../demo/arguments.ts';

const REAL = { SMPP_URL: 'smpp://operator.example:2775', SMPP_SYSTEM_ID: 'us', SMPP_PASSWORD: 'geheim' };

describe('the demo', () => {
  test('runs on a stack and an operator of its own', () => {
    expect(readArguments([], {})).toEqual({ kind: 'run', target: { kind: 'own_stack' } });
  });

  test('does not send to an operator that the environment names', () => {
    const answer = readArguments([], REAL);
    expect(answer.kind).toBe('refused');
    expect(answer).toMatchObject({ why: expect.stringContaining('SMPP_URL is set') as string });
    expect(JSON.stringify(answer)).not.toContain('geheim');
  });

  test('does not send through a stack whose operator it cannot see', () => {
    const answer = readArguments(['--api', 'http://127.0.0.1:8080', '--key', 'bk_live_x'], {});
    expect(answer).toMatchObject({ kind: 'refused', why: expect.stringContaining('--send-anyway') as string });
  });

  test('does both when it is told to', () => {
    expect(readArguments(['--send-anyway'], REAL)).toMatchObject({
      target: {
        kind: 'own_stack_other_operator',
        operator: { url: REAL.SMPP_URL, systemId: 'us', password: 'geheim' },
      },
    });
    expect(readArguments(['--send-anyway', '--api', 'http://127.0.0.1:1', '--key', 'k'], REAL)).toMatchObject({
      target: { kind: 'running_stack', api: 'http://127.0.0.1:1', key: 'k' },
    });
  });

  test.each([
    ['--limit', '0'],
    ['--limit', 'many'],
    ['--api', 'http://127.0.0.1:1'],
    ['--key', 'k'],
    ['--bogus'],
    ['x'],
  ])('refuses %s %s with a reason', (...argv) => {
    expect(readArguments(argv, {})).toMatchObject({ kind: 'refused', why: expect.stringMatching(/\S/) as string });
  });
});
