import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../../binder/simulator/random.ts';
import { normalizeNumber } from '../../../shared/domain/phone-number.ts';
import { leaksIn } from '../../chaos/judges/leaks.ts';
import { signedPassword, signerOf } from '../../chaos/signed-binds.ts';
import { messageOf, TEXT_MARK, VERDICTS } from '../../chaos/traffic.ts';

const random = seededRandom(5);
const messages = Array.from({ length: 2_000 }, (_, serial) => messageOf(serial * 7, random));

test('messages have a number of their own, a text of their own, and are of every kind', () => {
  expect(new Set(messages.map(({ to }) => to)).size).toBe(messages.length);
  expect(new Set(messages.map(({ text }) => text)).size).toBe(messages.length);
  expect(messages.every(({ to }) => normalizeNumber(to).kind === 'ok')).toBe(true);
  expect(messages.every(({ text }) => text.includes(TEXT_MARK))).toBe(true);
  expect(new Set(messages.map(({ segments }) => segments))).toEqual(new Set([1, 2, 4]));
  expect(new Set(messages.map(({ verdict }) => verdict))).toEqual(new Set(VERDICTS));
  expect(new Set(messages.map(({ lane }) => lane)).size).toBe(3);
});

test('a password tells whose it is, and fits into a bind', () => {
  expect(signerOf(signedPassword(12))).toBe(12);
  expect(signerOf('secret12')).toBeUndefined();
  expect(signedPassword(99_999)).toHaveLength(8);
});

test('a number, a text and a secret are found in a log, and a message-centre id is not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bindery-chaos-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const innocent = ['{"to":"+63917•••••34"}', '{"mcMessageId":"1795917555123401"}', 'tsk00002'];
  const leaking = ['{"to":"+639175551234"}', '09175551234', `"${TEXT_MARK} 7"`, 'password tsk00001'];
  writeFileSync(join(folder, 'binder.log'), [...innocent, ...leaking].join('\n'));
  expect(leaksIn(folder, ['tsk00001'])).toEqual(leaking.map((line) => `binder.log: ${line}`));
});
