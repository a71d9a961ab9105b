import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GrantLine } from '../../cdk/local/grant-record.ts';

export const RECORDS = join(import.meta.dirname, '../../.build/grants');

/** All lines of the records in a folder; of those that were never finished, what is whole. */
export function readRecords(folder: string): GrantLine[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as GrantLine);
  });
}
