// `npm run release -- record [FILE]` notes what was synthesized last as what is deployed; `npm run deploy` does so by itself.
// `npm run release -- compare FILE` says what would be lost if it was deployed over the template in FILE, for example
// `aws cloudformation get-template --stack-name bindery-prod --query TemplateBody --output json > FILE`.
import { join } from 'node:path';
import { dangersOf } from './dangers.ts';
import { DangerousChangeError } from './guard.ts';
import { readJson, recordRelease, synthesized } from './record.ts';
import { releaseOf } from './release.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const USAGE = 'npm run release -- record [FILE] | compare FILE';

function compare(file: string): void {
  const after = synthesized(ROOT);
  const dangers = dangersOf(releaseOf(after.stack, readJson(file)), after);
  if (dangers.length > 0) throw new DangerousChangeError(dangers, file);
  console.log('nothing would be lost');
}

const [order, file] = process.argv.slice(2);
try {
  if (order === 'record') console.log(`recorded in ${recordRelease(ROOT, file)}`);
  else if (order === 'compare' && file !== undefined) compare(file);
  else throw new Error(USAGE);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
