import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from '../../shared/config/account.ts';

/** What a running local stack tells other programs of this machine: what CloudFormation and a profile tell of a deployed one. */
export interface StackFile {
  pid: number;
  name: string;
  /** Outputs of the template, resolved. */
  outputs: Record<string, string>;
  /** How its AWS services are called. */
  aws: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string };
  /** Those at operators. */
  accounts: Account[];
}

function pathIn(stateDirectory: string): string {
  return join(stateDirectory, 'stack.json');
}

/**
 * Leaves the file in the state folder, for its owner's eyes: who reads it may do everything with the stack.
 * @returns the way to remove it
 */
export function writeStackFile(stateDirectory: string, contents: StackFile): () => void {
  const path = pathIn(stateDirectory);
  const whole = `${path}.${process.pid}`;
  writeFileSync(whole, JSON.stringify(contents), { mode: 0o600 });
  renameSync(whole, path);
  return () => rmSync(path, { force: true });
}

/** The file of a stack that runs; undefined where none does. */
export function readStackFile(stateDirectory: string): StackFile | undefined {
  try {
    const contents = JSON.parse(readFileSync(pathIn(stateDirectory), 'utf8')) as StackFile;
    return isRunning(contents.pid) ? contents : undefined;
  } catch (fault) {
    if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fault;
  }
}

/** A stack that was killed leaves its file behind. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code === 'EPERM';
  }
}
