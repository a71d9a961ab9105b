import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { NpmScript } from './npm-script.ts';
import { startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';

/** Runs npm start to its end, which must be an error that is said in a few lines. */
async function complaintOf(args: readonly string[], environment?: Record<string, string>): Promise<string> {
  const npm = new NpmScript('start', args, environment);
  expect(await npm.ended()).not.toBe(0);
  expect(npm.stdout).not.toContain('"ready":true');
  expect(npm.stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
  return npm.stderr;
}

async function portInUse(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  whenOver(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

afterEach(tearDown);

describe('npm start says what is wrong, and ends', () => {
  test('when it does not know a flag', async () => {
    expect(await complaintOf(['--bogus'])).toMatch(/--bogus: there is no such option; see --help/);
  });

  test('when flags and environment have several mistakes: all of them', async () => {
    const complaint = await complaintOf(['--port', 'many', '--jsn'], { SMPP_URL: 'operator', SMPP_SYSTEM_ID: 'us' });
    expect(complaint).toMatch(/--port must be a whole number/);
    expect(complaint).toMatch(/--jsn: there is no such option/);
    expect(complaint).toMatch(/SMPP_PASSWORD is missing/);
    expect(complaint).toMatch(/SMPP_URL must be an address with a port/);
  });

  test('when its port is in use', async () => {
    const port = await portInUse();
    const complaint = await complaintOf(['--json', '--port', String(port), '--state', freshStateDirectory()]);
    expect(complaint).toMatch(new RegExp(`port ${port} .*in use`, 'i'));
    expect(complaint).toMatch(/--port/);
  });

  test('when its state folder is in use', async () => {
    const stateDirectory = freshStateDirectory();
    const running = new NpmScript('start', ['--json', '--port', '0', '--state', stateDirectory]);
    await running.ready();
    expect(await complaintOf(['--json', '--state', stateDirectory])).toMatch(/in use by another local stack/);
  });
});

test('a configuration with three mistakes does not start, and all three are named, without a value', async () => {
  const context = {
    'bindery:stage': 'Not A Stage',
    'bindery:accounts': [{ profile: 'smpp-asia', segmentsPerSecond: 0, pasword: 'geheim' }],
  };
  const start = startStack({ stateDirectory: freshStateDirectory(), context });
  const complaint = await start.then(() => 'started', String);
  expect(complaint).toMatch(/stage: lower-case letters and digits/);
  expect(complaint).toMatch(/accounts\.0\.segmentsPerSecond: /);
  expect(complaint).toMatch(/accounts\.0: unknown "pasword"/);
  expect(complaint).not.toMatch(/geheim|Not A Stage/);
});
