import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { leaksIn } from '../../e2e/log-scan.ts';
import { acceptedMessages } from '../../fixtures/messages.ts';

const fixture = acceptedMessages.find(({ text }) => text.includes('"') || text.includes('₱'))!;
const folders: string[] = [];

function logOf(...lines: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'bindery-log-scan-'));
  folders.push(folder);
  writeFileSync(join(folder, 'binder.log'), lines.join('\n'));
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe('a scan of logs', () => {
  const national = `0${fixture.expect.e164.slice(3)}`;

  test.each([
    ['a number', `{"to":"${fixture.expect.e164}"}`],
    ['a number in its national form', `{"destination":"${national}"}`],
    ['a text', JSON.stringify({ text: fixture.text })],
    ['a password', 'bind with hunter22 failed'],
  ])('finds %s', (_, line) => {
    expect(leaksIn(logOf('{"message":"fine"}', line), [fixture], ['hunter22']).length).toBeGreaterThan(0);
  });

  test('lets masked numbers and ids pass', () => {
    const masked = `{"to":"${fixture.expect.e164.slice(0, 6)}•••••${fixture.expect.e164.slice(-2)}","messageId":"msg_01"}`;
    expect(leaksIn(logOf(masked), [fixture], ['hunter22'])).toEqual([]);
  });
});
