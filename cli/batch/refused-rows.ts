import { readFileSync, writeFileSync } from 'node:fs';
import type { Refusal } from './journal.ts';
import type { Rows } from './rows.ts';

const COLUMNS = ['refused_code', 'refused_why'];

function cell(text: string): string {
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The refused rows as they were, with the reasons behind them: mended, the file can be sent itself. */
export function refusedText({ columns, rows }: Rows, refusals: readonly Refusal[]): string {
  const own = columns.filter((column) => !COLUMNS.includes(column));
  const lines = refusals.map(([index, code, why]) => [...own.map((column) => rows[index]?.[column] ?? ''), code, why]);
  return [[...own, ...COLUMNS], ...lines].map((cells) => `${cells.map(cell).join(',')}\n`).join('');
}

function isNew(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fault;
  }
}

/**
 * Writes the file beside the one that was sent, for its owner's eyes since it has numbers. One that is there may have been
 * mended meanwhile and is left alone: other refusals go to `.refused.2.csv`, and so on.
 * @param stem path of the file that was sent, without `.csv`
 * @returns the file that has the refusals; undefined where nothing is refused
 */
export function writeRefused(stem: string, rows: Rows, refusals: readonly Refusal[]): string | undefined {
  if (refusals.length === 0) return undefined;
  const text = refusedText(rows, refusals);
  for (let number = 1; ; number += 1) {
    const path = `${stem}.refused${number === 1 ? '' : `.${number}`}.csv`;
    if (isNew(path, text) || readFileSync(path, 'utf8') === text) return path;
  }
}
