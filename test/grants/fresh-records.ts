import { rmSync } from 'node:fs';
import { RECORDS } from './records.ts';

/** Before each run of the tests: every stack of the run records its rights in one folder, which `npm run grants` reads. */
export default function setup(): void {
  if (process.env['BINDERY_GRANTS'] !== undefined) return;
  rmSync(RECORDS, { recursive: true, force: true });
  process.env['BINDERY_GRANTS'] = RECORDS;
}
