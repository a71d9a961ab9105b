import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';

const ROOT = new URL('../../', import.meta.url);

let simulator: Simulator;
afterEach(() => simulator.close());

/** The operator's guide, word for word, except where it says what everyone must put in: host and port, credentials, a number. */
async function guideProgram(url: string): Promise<string> {
  const program = await readFile(new URL('guide/node-program.txt', import.meta.url), 'utf8');
  return program
    .replace('smpp://selfhost.smpp.asia:2558', url)
    .replace('your_system_id', 'bindery')
    .replace('your_password', 'secret12')
    .replace('09xxxxxxxxx', '09171234567');
}

/** Runs a CommonJS program with the repository's packages until its output matches; it would hold its session open for ever. */
async function outputUntil(program: string, pattern: RegExp): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=commonjs', '--eval', program], { cwd: ROOT });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (pattern.test(output)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', () => reject(new Error(`the program ended after: ${output}`)));
  }).finally(() => child.kill());
  return output;
}

describe("the guide's Node.js program", () => {
  test('connects, sends its text, and gets a message id', async () => {
    simulator = await startSimulator();
    const output = await outputUntil(await guideProgram(simulator.url), /Message ID: .*\n/);
    const submit = simulator.submits[0]!;
    expect(output).toBe(`Connected!\nMessage ID: ${submit.messageId}\n`);
    expect(submit).toMatchObject({
      source: 'MSG95',
      destination: '09171234567',
      text: 'Hello from SMPP!',
      // Not what the guide asks for, but what the package makes of a program that leaves the choice to it.
      dataCoding: 1,
      status: 0,
    });
    expect(simulator.messages()).toMatchObject([{ text: 'Hello from SMPP!', complete: true }]);
  });

  test('reads what a strict operator of data_coding 0 and 8 would answer it', async () => {
    simulator = await startSimulator({ dataCodings: [0, 8] });
    const output = await outputUntil(await guideProgram(simulator.url), /Message ID: .*\n/);
    expect(output).toBe('Connected!\nMessage ID: undefined\n');
    expect(simulator.submits[0]).toMatchObject({ status: 0x45, accepted: false });
  });
});
