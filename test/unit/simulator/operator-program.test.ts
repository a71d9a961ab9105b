import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { readCommandLine } from '../../../binder/simulator/command-line.ts';
import { eventJson, eventLine } from '../../../binder/simulator/event-line.ts';
import { startSimulator } from '../../../binder/simulator/simulator.ts';
import { Esme } from '../../esme.ts';

const MAIN = new URL('../../../binder/simulator/main.ts', import.meta.url).pathname;

describe('the command line of the operator', () => {
  test('has defaults for everything', () => {
    expect(readCommandLine([])).toEqual({
      kind: 'run',
      display: { json: false, showTexts: false },
      options: {
        host: '127.0.0.1',
        port: 2775,
        systems: [{ systemId: 'bindery', password: 'secret12', submitsPerSecond: 10 }],
        receiptDelayMs: 2000,
        latencyMs: 0,
        seed: 1,
        destinations: 'national',
      },
    });
  });

  test('takes every option, with a blank or with =', () => {
    const args =
      '--host=0.0.0.0 --port 0 --system-id x --password y --tps 5 --receipt-delay-ms 1 --latency-ms=2 --seed 3 --international --json --show-texts';
    expect(readCommandLine(args.split(' '))).toEqual({
      kind: 'run',
      display: { json: true, showTexts: true },
      options: {
        host: '0.0.0.0',
        port: 0,
        systems: [{ systemId: 'x', password: 'y', submitsPerSecond: 5 }],
        receiptDelayMs: 1,
        latencyMs: 2,
        seed: 3,
        destinations: 'any',
      },
    });
  });

  test('names all mistakes at once, and no password', () => {
    const args = [
      '--port',
      '70000',
      '--tps',
      'ten',
      '--password',
      'far-too-long',
      '--json=yes',
      '--frob',
      'stray',
      '--seed',
    ];
    const read = readCommandLine(args);
    expect(read).toEqual({
      kind: 'wrong',
      problems: [
        '--port must be a whole number from 0 to 65535',
        '--tps must be a whole number from 1 to 100000',
        '--password must have 1 to 8 ASCII characters (SMPP 3.4 section 5.2)',
        '--json takes no value',
        '--frob: there is no such option',
        'stray: not an option; options begin with --',
        '--seed needs a value',
      ],
    });
  });

  test('explains the options and the endings of numbers', () => {
    const read = readCommandLine(['--help', '--port', 'x']);
    expect(read).toMatchObject({
      kind: 'help',
      text: expect.stringMatching(/--receipt-delay-ms N[\s\S]*…0001 {2}undelivered/),
    });
  });
});

describe('what the operator shows', () => {
  test('a submit shows with its answer, its number masked, and its text only if asked for', async () => {
    const simulator = await startSimulator({ receiptDelayMs: 0 });
    const esme = await Esme.bound(simulator.port);
    await esme.submitted({ shortMessage: Buffer.from('private words') });
    await esme.submitted({
      destination: { ton: 0, npi: 0, address: '12345678' },
      source: { ton: 1, npi: 1, address: '639170001122' },
    });
    await esme.take('deliver_sm');
    esme.close();
    await simulator.until(() => simulator.links.length === 0);
    const lines = simulator.events.map((event) => eventLine(event, { showTexts: false, colour: false, now: () => 0 }));
    const id = simulator.submits[0]!.messageId;
    expect(lines).toContain('00:00:00.000  #1   bind transceiver as bindery: ok');
    expect(lines).toContain(`00:00:00.000  #1   MSG95 to +63917•••••67: ok, id ${id}`);
    expect(lines).toContain(
      '00:00:00.000  #1   +63917•••••22 to 12•••••78: 0x0E ESME_RINVPASWD, invalid password (the destination is not a Philippine mobile number in the form that is taken here)',
    );
    expect(lines).toContain(`00:00:00.000  #1   receipt DELIVRD for ${id} sent`);
    expect(lines.at(-1)).toBe('00:00:00.000  #1   closed');
    const json = simulator.events.map((event) => eventJson(event, { showTexts: false }));
    for (const hidden of ['private', '09171234567', '12345678', '639170001122']) {
      expect([...lines, ...json].join('\n')).not.toContain(hidden);
    }
    const submit = simulator.events.find(({ kind }) => kind === 'submit_answered')!;
    expect(eventLine(submit, { showTexts: true, colour: false, now: () => 0 })).toContain('"private words"');
    expect(JSON.parse(eventJson(submit, { showTexts: true }))).toMatchObject({ text: 'private words', messageId: id });
    await simulator.close();
  });
});

describe('the operator as a program', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  const run = (...args: string[]): ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> } => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };

  test('with --json says where it is, then an event a line, and on SIGINT unbinds and ends with 0', async () => {
    const child = run('--json', '--port', '0', '--receipt-delay-ms', '0');
    const lines: unknown[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
    await expect.poll(() => lines.length, { timeout: 5000 }).toBe(1);
    const { url } = lines[0] as { url: string };
    expect(lines[0]).toEqual({ ready: true, url: expect.stringMatching(/^smpp:\/\/127\.0\.0\.1:\d+$/) });
    const esme = await Esme.bound(Number(new URL(url).port));
    await esme.submitted();
    child.kill('SIGINT');
    const { sequence } = await esme.take('unbind');
    esme.answer({ command: 'unbind_resp' }, sequence);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(lines).toContainEqual(expect.objectContaining({ kind: 'submit_answered', status: 0, source: 'MSG95' }));
  });

  test('says clearly that its port is in use', async () => {
    const simulator = await startSimulator();
    const child = run('--port', String(simulator.port));
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(complaint).toBe(
      `Port ${simulator.port} of 127.0.0.1 is in use. Choose another with --port, or any free one with --port 0.\n`,
    );
    await simulator.close();
  });
});
