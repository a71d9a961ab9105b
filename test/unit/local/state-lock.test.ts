import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { lockStateDirectory } from '../../../cdk/local/state-lock.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bindery-lock-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a folder that another stack holds is refused, with that process and what to do', () => {
  const path = folder();
  const release = lockStateDirectory(path);
  expect(() => lockStateDirectory(path)).toThrow(new RegExp(`process ${process.pid}.*--state`, 's'));
  release();
  lockStateDirectory(path)();
});

/** Only Linux has /proc, which tells when a process began, and that it has ended though nobody waited for it. */
const testOnLinux = test.runIf(process.platform === 'linux');

testOnLinux('a process that only has the dead one’s number is not taken for it', () => {
  const path = folder();
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: process.ppid, started: '1' }));
  lockStateDirectory(path)();
});

test('a lock that was cut off while it was written, or whose process is gone, is taken over', () => {
  const path = folder();
  writeFileSync(join(path, 'lock'), '{"pid":');
  lockStateDirectory(path)();
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1 }));
  lockStateDirectory(path)();
});

testOnLinux('a process that was killed and that nobody waits for holds nothing', async () => {
  const path = folder();
  // The shell becomes a program that never waits for the child that it has left it.
  const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const stat = () =>
    readFileSync(`/proc/${Number(line)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  await vi.waitUntil(() => stat()[0] === 'Z', 5_000);
  writeFileSync(join(path, 'lock'), JSON.stringify({ pid: Number(line), started: stat()[19] }));
  lockStateDirectory(path)();
});
