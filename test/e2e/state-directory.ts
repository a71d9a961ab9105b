import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whenOver } from './tear-down.ts';

/** An empty folder for the state of a stack, removed when the test is over. */
export function freshStateDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bindery-e2e-'));
  whenOver(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
