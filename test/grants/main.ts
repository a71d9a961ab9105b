// `npm run grants`: what each role may do, what of it the last run of the tests used, and why wildcards remain.
import { RECORDS, readRecords } from './records.ts';
import { complaints, summarize } from './summary.ts';

const rights = summarize(readRecords(process.env['BINDERY_GRANTS'] ?? RECORDS));
if (rights.length === 0) {
  console.error('Nothing is recorded: run `npm test` first.');
  process.exit(1);
}

for (const [grantee, own = []] of Object.entries(Object.groupBy(rights, (right) => right.grantee))) {
  console.log(`\n${grantee}: ${own.length} granted, ${own.filter(({ used }) => used).length} used`);
  for (const { used, action, resource, reason } of own) {
    console.log(`  ${used ? '✓' : '✗'} ${action} on ${resource}${reason === undefined ? '' : ` (${reason})`}`);
  }
}

const wrong = complaints(rights);
console.log(`\n${rights.length} rights, ${wrong.length} complaints`);
for (const complaint of wrong) console.log(`  ${complaint}`);
if (wrong.length > 0) process.exit(1);
