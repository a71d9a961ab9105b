// Entry point of `npm run synth`, of the CDK's command line (cdk.json) and, with BINDERY_STRICT=1, of `npm run check`.
import { synthesize } from './synthesize.ts';

const FOR_READER: ReadonlySet<unknown> = new Set(['configuration_invalid', 'source_missing', 'change_dangerous']);
/** The CDK's own, as it names them. */
const FOR_READER_OF_CDK = ['ValidationFailed', 'TooManyResourcesInStack'];

/** Faults that are the reader's to mend: their message says all, a stack trace would bury it. */
function isForReader(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if ('code' in error) return FOR_READER.has(error.code);
  return FOR_READER_OF_CDK.includes(error.name) || 'errors' in error;
}

try {
  const { directory, stackName } = await synthesize({ strict: process.env['BINDERY_STRICT'] === '1' });
  if (process.env['CDK_OUTDIR'] === undefined) console.log(`${stackName}: ${directory}`);
} catch (error) {
  if (!isForReader(error)) throw error;
  console.error(error.message);
  if (error.name === 'TooManyResourcesInStack') console.error('Deploy some of the accounts as another stage.');
  process.exitCode = 1;
}
