import type { ChildProcess } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** Search path of every program: the Node that runs the local stack first, so that `node` in an image's entry point means it. */
export const PROGRAM_PATH = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;

const alive = new Set<ChildProcess>();

/** Lets a program end with this process, whatever ends this process (short of SIGKILL). */
export function endWithThisProcess(child: ChildProcess): void {
  if (alive.size === 0) process.once('exit', killAll);
  alive.add(child);
  child.once('exit', () => {
    alive.delete(child);
    if (alive.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Hands over each line that a program writes, from both of its outputs. */
export function readLines(child: ChildProcess, onLine: (line: string) => void): void {
  for (const output of [child.stdout, child.stderr]) {
    if (output !== null) createInterface({ input: output }).on('line', onLine);
  }
}

/** How a process ended, in the words of Lambda and ECS. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exit status ${code}` : `signal: ${signal}`;
}

/** Resolves when the process has ended and everything that it wrote has been read. To be called right after its start. */
export async function whenClosed(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
}
