import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../../fixtures/scripted-peer.ts';
import { submitBody } from '../../fixtures/smpp-session.ts';
import { rig } from './rig.ts';

const pem = (name: string): string => readFileSync(new URL(`../../fixtures/tls/${name}.pem`, import.meta.url), 'utf8');
const secure = { key: pem('mc-key'), cert: pem('mc-cert') };

describe('smpps', () => {
  test('binds where the certificate is signed by the authority that was configured', async () => {
    const { link } = await rig({ secure, account: { tls: { ca: secure.cert, serverName: 'mc.test' } } });
    await until(() => link.status.state === 'bound');
    expect(await link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
    await link.close({ drainMs: 1_000 });
  });

  test.each([
    ['signed by no known authority', { serverName: 'mc.test' }, /SELF_SIGNED/],
    ['made out to another name', { ca: secure.cert, serverName: 'other.test' }, /ALTNAME/],
  ])('does not send the password over a connection whose certificate is %s', async (_, tls, code) => {
    const { link, peer } = await rig({ secure, account: { tls } });
    await until(() => link.status.state === 'waiting');
    expect(link.status).toMatchObject({ reason: 'connect_failed' });
    expect(link.status.detail).toMatch(code);
    expect(peer.connections.flatMap((connection) => connection.received)).toEqual([]);
  });

  test('a certificate of our own that is none is a failure like any other, and is tried again', async () => {
    const { statuses } = await rig({
      secure,
      credentials: async () => ({ system_id: 'esme', password: 'secret', tls_cert: 'rubbish', tls_key: 'rubbish' }),
    });
    await until(() => statuses.filter(({ state }) => state === 'waiting').length > 1);
    expect(statuses.find(({ state }) => state === 'waiting')).toMatchObject({ reason: 'connect_failed' });
  });
});
