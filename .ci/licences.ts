// `npm run check` compares the licences of all production packages with a list. It reads the lock file, so it needs no network.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LockedPackage, licenceProblems } from './licence-rules.ts';

const LOCK = join(import.meta.dirname, '../package-lock.json');
const { packages } = JSON.parse(readFileSync(LOCK, 'utf8')) as { packages: Record<string, LockedPackage> };
const problems = licenceProblems(packages);
if (problems.length > 0) {
  console.error(`not on the list in .ci/licence-rules.ts:\n${problems.join('\n')}`);
  process.exitCode = 1;
}
