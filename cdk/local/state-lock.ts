import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error.ts';

interface Holder {
  pid: number;
  /** When the process began, as the kernel counts it; absent where that can't be asked. Tells a process from a later one with the same id. */
  started?: string;
}

/**
 * Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat); undefined where there is no /proc, and for
 * a process that has ended and that nobody has asked after yet, as in a container without an init process.
 */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : fields[18];
  } catch {
    return undefined;
  }
}

function isAlive({ pid, started }: Holder): boolean {
  if (pid === process.pid) return started !== undefined && started === startOf(pid);
  try {
    process.kill(pid, 0);
  } catch (fault) {
    // EPERM: it runs, as someone else.
    if ((fault as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === undefined || started === startOf(pid);
}

function readHolder(path: string): Holder | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    // Cut off while it was written: its writer died.
    return undefined;
  }
}

/**
 * Takes a state folder for this process. Two stacks on one folder would overwrite each other's data.
 * @returns the way to give it back
 * @throws StartError when another stack runs on it
 */
export function lockStateDirectory(stateDirectory: string): () => void {
  mkdirSync(stateDirectory, { recursive: true });
  const path = join(stateDirectory, 'lock');
  const holder = readHolder(path);
  if (holder !== undefined && isAlive(holder)) {
    throw new StartError(
      `${stateDirectory} is in use by another local stack (process ${holder.pid}). ` +
        `Stop that one, or choose another folder with --state DIR. If no such stack runs, remove ${path}.`,
    );
  }
  const started = startOf(process.pid);
  const own: Holder = { pid: process.pid, ...(started === undefined ? {} : { started }) };
  writeFileSync(path, JSON.stringify(own));
  return () => rmSync(path, { force: true });
}
