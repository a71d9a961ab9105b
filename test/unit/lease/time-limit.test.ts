import { get } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OverdueError, withinMs } from '../../../binder/lease/time-limit.ts';
import { systemClock } from '../../../binder/session/clock.ts';

/** A server that tells of each request and answers 50 ms later, on a thread of its own: it works while this one stands still. */
const SERVER = `
  const { createServer } = require('node:http');
  const { parentPort } = require('node:worker_threads');
  const server = createServer((request, response) => {
    parentPort.postMessage(request.url);
    if (request.url === '/answered') setTimeout(() => response.end('done'), 50);
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

let server: Worker;
let port: number;

beforeAll(async () => {
  server = new Worker(SERVER, { eval: true });
  port = Number(await told());
});
afterAll(() => server.terminate());

async function told(): Promise<unknown> {
  return await new Promise((resolve) => {
    server.once('message', resolve);
  });
}

async function ask(path: string, signal: AbortSignal): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const request = get({ host: '127.0.0.1', port, path, signal }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts).toString()));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

/** Stops this thread, as a collection of garbage or a machine that is busy with others would. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('a call with a time limit', () => {
  test('whose answer came in time is not overdue for this process having stood still', async () => {
    let signal: AbortSignal | undefined;
    const answered = withinMs(500, systemClock, (given) => {
      signal = given;
      return ask('/answered', given);
    });
    await told();
    // From here the event loop goes on to its timers, and only then to its sockets.
    await setImmediate();
    standStill(1_000);

    expect(await answered).toBe('done');
    await setImmediate();
    expect(signal?.aborted).toBe(false);
  });

  test('is overdue, and told so by its signal, where no answer came', async () => {
    let signal: AbortSignal | undefined;
    const asked = withinMs(50, systemClock, (given) => {
      signal = given;
      return ask('/never', given);
    });

    await expect(asked).rejects.toBeInstanceOf(OverdueError);
    expect(signal?.aborted).toBe(true);
  });
});
