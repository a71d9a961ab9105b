import { createSocket } from 'node:dgram';
import { type LookupAddress, Resolver } from 'node:dns';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { askNameServers } from '../../../functions/deliver-webhook/name-server.ts';
import { post } from '../../../functions/deliver-webhook/post.ts';

const TYPE_A = 1;

/** A name server that says nothing of names which begin with `dead`, and of all others that they are 127.0.0.1. */
async function nameServer(): Promise<Resolver> {
  const socket = createSocket('udp4');
  socket.on('message', (question, from) => {
    const name = question.subarray(13, 17).toString();
    if (name === 'dead') return;
    const type = question.readUInt16BE(question.length - 4);
    const answers = type === TYPE_A ? 1 : 0;
    const header = Buffer.from([0, 0, 0x81, 0x80, 0, 1, 0, answers, 0, 0, 0, 0]);
    question.copy(header, 0, 0, 2);
    const record = Buffer.from([0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    socket.send(Buffer.concat([header, question.subarray(12), answers === 1 ? record : Buffer.alloc(0)]), from.port);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 400, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  onTestFinished(() => {
    resolver.cancel();
    socket.close();
  });
  return resolver;
}

async function addressesOf(resolver: Resolver, name: string, family?: 4 | 6): Promise<LookupAddress[] | string> {
  return await new Promise((settle) => {
    askNameServers(resolver)(name, { all: true, ...(family && { family }) }, (error, addresses) =>
      settle(error === null ? addresses : (error.code ?? 'unknown')),
    );
  });
}

test('a name that has addresses of one family has those', async () => {
  const resolver = await nameServer();
  expect(await addressesOf(resolver, 'live.example.com')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  expect(await addressesOf(resolver, 'live.example.com', 6)).toBe('ENODATA');
  expect(await addressesOf(resolver, 'dead.example.com')).toBe('ETIMEOUT');
});

test('localhost is looked up on the machine', async () => {
  const found = await addressesOf(await nameServer(), 'localhost');
  expect(found).toContainEqual({ address: '127.0.0.1', family: 4 });
});

test('names whose server is dead hold up no other delivery', async () => {
  const resolve = askNameServers(await nameServer());
  const options = { loopbackAllowed: true, timeoutMs: 5_000, resolve };
  const to = async (host: string) => {
    const startedAt = performance.now();
    const outcome = await post({ url: `https://${host}/`, headers: {}, body: '{}' }, options);
    return { outcome, ms: performance.now() - startedAt };
  };
  const dead = Array.from({ length: 40 }, async (_, index) => await to(`dead${index}.example.com`));
  // Nobody listens there, which is known at once when its address is.
  const live = await to('live.example.com:9');
  expect(live.outcome).toEqual({ kind: 'failed', reason: 'ECONNREFUSED' });
  expect(live.ms).toBeLessThan(300);
  for (const { outcome, ms } of await Promise.all(dead)) {
    expect(outcome).toEqual({ kind: 'failed', reason: 'ETIMEOUT' });
    expect(ms).toBeGreaterThan(350);
  }
});
