import { afterEach, describe, expect, test } from 'vitest';
import { NpmScript } from './npm-script.ts';
import { tearDown } from './tear-down.ts';

describe('npm run demo', () => {
  afterEach(tearDown);

  test('sends messages of every kind through a stack of its own, and prints what became of them', async () => {
    const demo = new NpmScript('demo', ['--limit', '25']);
    expect(await demo.ended(), demo.said).toBe(0);
    expect(demo.stdout).toMatch(/everything as expected/);
    for (const row of ['accepted', 'segments', 'delivered', 'undelivered', 'expired', 'unknown', 'refused']) {
      expect(demo.stdout).toMatch(new RegExp(`^ {2}${row} .*[\\d·]$`, 'm'));
    }
    expect(demo.stdout).toMatch(/worst second \(limit 10\) +([1-9]|10)$/m);
    expect(demo.stdout).not.toContain('\u001B');
  });

  test('does not send to an operator that may be real', async () => {
    const demo = new NpmScript('demo', [], { SMPP_URL: 'smpp://operator.example:2775' });
    expect(await demo.ended()).toBe(2);
    expect(demo.stderr).toMatch(/SMPP_URL is set/);
  });
});
