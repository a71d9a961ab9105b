// `npm run generate` writes what is made from the contracts and from the alarms; with --check it only says whether what is committed is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runbook } from '../cdk/monitoring/runbook.ts';
import { openApiDocument } from '../shared/contracts/openapi/document.ts';
import { COMPONENTS, OPERATIONS, REQUEST_COMPONENTS, TAGS } from '../shared/contracts/openapi/operations.ts';
import { clientSource } from './client.ts';
import { consumerSource } from './consumer.ts';
import { readCounted } from './cost/counted.ts';
import { costPage } from './cost/page.ts';

const ROOT = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };

const document = openApiDocument({
  version,
  tags: TAGS,
  operations: OPERATIONS,
  components: COMPONENTS,
  requestComponents: REQUEST_COMPONENTS,
});

const FILES = new Map([
  ['docs/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
  ['docs/client/bindery.ts', clientSource(document)],
  ['docs/consumer/events.ts', consumerSource()],
  ['docs/runbook.md', runbook()],
  ['docs/cost.md', costPage(readCounted())],
]);

const stale = [...FILES].filter(([path, text]) => {
  const file = join(ROOT, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale: run \`npm run generate\``);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) writeFileSync(join(ROOT, path), text);
  console.log(stale.length === 0 ? 'nothing is stale' : `written: ${stale.map(([path]) => path).join(', ')}`);
}
