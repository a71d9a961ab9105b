import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { recordRelease, synthesized } from '../release/record.ts';
import type { DeployOptions } from './options.ts';

const ROOT = join(import.meta.dirname, '../..');
/** With these the CDK may leave the stack as it was, or the template elsewhere. */
const NOT_DEPLOYED = /^(--no-execute|--method|--output|-o)(=|$)/;

/**
 * Notes what was deployed, so that a later change which would lose something of it is refused.
 * @returns the file, to be committed; undefined where nobody can say what was deployed
 */
export function recordDeployed(stack: string, { passedOn }: Pick<DeployOptions, 'passedOn'>): string | undefined {
  if (passedOn.some((arg) => NOT_DEPLOYED.test(arg))) return undefined;
  if (!existsSync(join(ROOT, 'cdk.out', 'manifest.json')) || synthesized(ROOT).stack !== stack) return undefined;
  return relative(ROOT, recordRelease(ROOT));
}
