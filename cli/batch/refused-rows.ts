import { rmSync, writeFileSync } from 'node:fs';
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

/** Writes the file, for its owner's eyes since it has numbers; where nothing is refused it is removed. */
export function writeRefused(path: string, rows: Rows, refusals: readonly Refusal[]): void {
  rmSync(path, { force: true });
  if (refusals.length > 0) writeFileSync(path, refusedText(rows, refusals), { mode: 0o600 });
}
