import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageFixture } from '../fixtures/messages.ts';

/** Shorter texts (`1`, `@`, `ok`) stand in any log for other reasons. */
const LEAST_CHARACTERS = 12;

export interface Leak {
  file: string;
  what: string;
  line: string;
}

/** A number in any form, separators or not: its last ten digits in a row. */
function digitsOf(e164: string): string {
  return e164.slice('+63'.length);
}

function secretsOf(fixtures: readonly MessageFixture[], passwords: readonly string[]): Map<string, string> {
  const wanted = new Map(passwords.map((password) => [password, 'a key or password']));
  for (const { to, text, expect } of fixtures) {
    if (expect.accepted) wanted.set(digitsOf(expect.e164), 'a number');
    if (/\d{7}/.test(to)) wanted.set(to, 'a number as it was written');
    // JSON may have escaped it; the first words are enough to find a part of it.
    const start = JSON.stringify(text.slice(0, 40)).slice(1, -1);
    if (text.length >= LEAST_CHARACTERS) wanted.set(start, 'a text');
  }
  return wanted;
}

/** Every line of every log file in `folder` that holds a full number, a text or one of `passwords` (promise P9). */
export function leaksIn(folder: string, fixtures: readonly MessageFixture[], passwords: readonly string[]): Leak[] {
  const wanted = [...secretsOf(fixtures, passwords)];
  return readdirSync(folder).flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    return lines.flatMap((line) =>
      wanted.flatMap(([secret, what]) => (line.includes(secret) ? [{ file, what, line }] : [])),
    );
  });
}
