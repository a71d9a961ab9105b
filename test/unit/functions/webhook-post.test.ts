import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { askNameServers } from '../../../functions/deliver-webhook/name-server.ts';
import { post } from '../../../functions/deliver-webhook/post.ts';

/** Enough for a busy machine to hand on an answer that is there. */
const PATIENT_MS = 1_000;
const IMPATIENT_MS = 300;

/** What becomes of a delivery to who writes these octets, and then neither writes nor hangs up. */
async function outcomeOf(answer: string, timeoutMs = PATIENT_MS): Promise<unknown> {
  const endpoint = createServer((socket) => {
    socket.on('error', () => undefined).once('data', () => socket.write(answer));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void endpoint.close());
  await once(endpoint, 'listening');
  const url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/`;
  const options = { timeoutMs, loopbackAllowed: true, resolve: askNameServers() };
  return await post({ url, headers: {}, body: '{}' }, options);
}

describe('an endpoint', () => {
  // Node hands such an answer to nobody who did not ask, and the delivery, with all others of its batch, would wait for ever.
  test('that wants to speak another protocol has answered, and not well', async () => {
    const upgrade = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n';
    expect(await outcomeOf(upgrade)).toEqual({ kind: 'answered', httpStatus: 101 });
  });

  test('whose answer never ends has answered when the time is over: its status is its answer', async () => {
    const unfinished = 'HTTP/1.1 204 No Content\r\n\r\n';
    expect(await outcomeOf(unfinished)).toEqual({ kind: 'answered', httpStatus: 204 });
    const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nxx';
    expect(await outcomeOf(whole)).toEqual({ kind: 'answered', httpStatus: 200 });
    const endless = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\nRetry-After: 5\r\n\r\nxx';
    expect(await outcomeOf(endless)).toEqual({ kind: 'answered', httpStatus: 200, retryAfter: '5', isEndless: true });
  });

  test.each(['', 'HTTP/1.1 200 OK\r\n', 'HTTP/1.1 103 Early Hints\r\n\r\n'])(
    'that says no more than %j is late',
    async (beginning) => {
      expect(await outcomeOf(beginning, IMPATIENT_MS)).toEqual({ kind: 'late', reason: 'no answer in time' });
    },
  );
});
