import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { startLocalStack } from '../../../cdk/local/start.ts';
import { lockStateDirectory } from '../../../cdk/local/state-lock.ts';

const MAIN = join(import.meta.dirname, '../../../cdk/local/main.ts');

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bindery-main-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function npmStart(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env['PATH'] ?? '', ...environment } });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, complaint };
}

test('mistakes on the command line and in the environment are all named, and nothing is started', async () => {
  const { code, complaint } = await npmStart(['--prot', '8080'], { SMPP_URL: 'smpp://127.0.0.1:1' });
  expect(code).toBe(1);
  expect(complaint).toContain('--prot: there is no such option');
  expect(complaint).toContain('8080: not an option');
  expect(complaint).toContain('SMPP_SYSTEM_ID is missing');
  expect(complaint).toContain('SMPP_PASSWORD is missing');
});

test('help names every flag and variable', async () => {
  const { code, out } = await npmStart(['--help']);
  expect(code).toBe(0);
  for (const name of ['--port', '--state', '--json', 'SMPP_URL', 'AWS_ENDPOINT_URL_DYNAMODB'])
    expect(out).toContain(name);
});

test('a port in use is named before anything is begun', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, complaint } = await npmStart(['--port', String(port), '--state', folder()]);
  expect(code).toBe(1);
  expect(complaint.trim()).toBe(
    `Port ${port} of 127.0.0.1 is in use. Choose another with --port N, or leave the flag out to take a free one.`,
  );
});

test('a folder that another stack uses is refused', async () => {
  const path = folder();
  lockStateDirectory(path);
  const { code, complaint } = await npmStart(['--state', path]);
  expect(code).toBe(1);
  expect(complaint).toContain(`in use by another local stack (process ${process.pid})`);
});

test('a configuration with three mistakes is refused with all three', async () => {
  const context = {
    'bindery:accounts': [{ profile: 'nobody' }, { profile: 'smpp-asia', segmentsPerSecond: 0, submitWindow: 'ten' }],
  };
  const starting = startLocalStack({ stateDirectory: folder(), context });
  await expect(starting).rejects.toMatchObject({ code: 'start_failed' });
  await expect(starting).rejects.toThrow(/profile(.|\n)*segmentsPerSecond(.|\n)*submitWindow/);
}, 30_000);
