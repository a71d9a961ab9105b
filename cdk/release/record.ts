import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recordOf } from './guard.ts';
import { type Release, releaseOf } from './release.ts';

interface Manifest {
  artifacts: Record<string, { type: string; properties?: { templateFile?: string } }>;
}

export const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * What was synthesized last, or deployed, which synthesizes as well: both leave it in `cdk.out`.
 * @throws where it holds no stack
 */
export function synthesized(root: string): Release {
  const { artifacts } = readJson(join(root, 'cdk.out', 'manifest.json')) as Manifest;
  const found = Object.entries(artifacts).find(([, { type }]) => type === 'aws:cloudformation:stack');
  if (found === undefined) throw new Error('cdk.out holds no stack: run `npm run synth` first');
  const [stack, { properties }] = found;
  return releaseOf(stack, readJson(join(root, 'cdk.out', properties?.templateFile ?? '')));
}

/** Notes what was synthesized last as what is deployed. @returns the file */
export function recordRelease(root: string, file?: string): string {
  const release = synthesized(root);
  const path = file ?? recordOf(root, release.stack);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(release, null, 2)}\n`);
  return path;
}
