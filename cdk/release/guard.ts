import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Danger, dangersOf } from './dangers.ts';
import { type Release, releaseSchema } from './release.ts';

/** The template would lose something of what is deployed. */
export class DangerousChangeError extends Error {
  readonly code = 'change_dangerous';
  readonly dangers: readonly Danger[];

  constructor(dangers: readonly Danger[], record: string) {
    const lines = dangers.map(({ change, reason }) => `\n  - ${change}\n      ${reason}.`);
    super(
      `this would lose something of what ${record} says is deployed:${lines.join('')}\n` +
        'Where it is meant, put the line behind the dash into "accepted" of the configuration, word for word.',
    );
    this.dangers = dangers;
  }
}

/** The file that records the last release of a stack; whoever deploys commits it. */
export function recordOf(root: string, stack: string): string {
  return join(root, 'released', `${stack}.json`);
}

/** @throws where the file is no record of a release */
function readRecord(path: string): Release {
  return releaseSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/**
 * Lets a release pass that loses nothing of the last one that is recorded, or only what is accepted.
 * @param accepted changes, word for word
 * @throws DangerousChangeError naming all others
 */
export function guardRelease(root: string, release: Release, accepted: readonly string[]): void {
  const path = recordOf(root, release.stack);
  if (!existsSync(path)) return;
  const dangers = dangersOf(readRecord(path), release).filter(({ change }) => !accepted.includes(change));
  if (dangers.length > 0) throw new DangerousChangeError(dangers, `released/${release.stack}.json`);
}
