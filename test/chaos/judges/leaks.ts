import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence, Finding } from '../evidence.ts';
import { TEXT_MARK } from '../traffic.ts';

/** The numbers of a run, in every form that a program has them in. Message-centre ids are longer. */
const NUMBER = /(?<!\d)(?:63|0)?9\d{2}555\d{4}(?!\d)/;

/** Lines of a stack's logs that hold a number, a text, a key or a password. */
export function leaksIn(folder: string, secrets: readonly string[]): string[] {
  const wanted = [TEXT_MARK, ...secrets];
  return readdirSync(folder).flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n');
    const leaking = lines.filter((line) => NUMBER.test(line) || wanted.some((secret) => line.includes(secret)));
    return leaking.map((line) => `${file}: ${line.slice(0, 200)}`);
  });
}

/** No personal data and no secret in any log, whatever failed (promise P9). */
export function judgeLeaks({ leaks }: Evidence): Finding {
  return { rows: [['log lines with numbers, texts or secrets', leaks.length]], broken: [...leaks] };
}
