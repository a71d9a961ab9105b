import type { TlsOptions } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startSimulator } from '../../../binder/simulator/simulator.ts';
import { until } from '../../fixtures/scripted-peer.ts';
import { submitBody } from '../../fixtures/smpp-session.ts';
import { ESME, MC, TlsFront } from '../../fixtures/tls.ts';
import { type Rig, rig } from './rig.ts';

const credentials = { system_id: 'bindery', password: 'secret12' };
const trusted = { ca: MC.cert, serverName: 'mc.test' };

/** A link to the simulated message centre behind TLS. */
async function secured(
  tls: Record<string, unknown> | undefined,
  { front: demands = {}, secret = credentials }: { front?: TlsOptions; secret?: typeof credentials } = {},
): Promise<Rig & { binds: () => number }> {
  const simulator = await startSimulator();
  const front = await TlsFront.start(simulator.port, demands);
  onTestFinished(async () => {
    await front.stop();
    await simulator.close();
  });
  const account = { url: `smpps://127.0.0.1:${front.port}`, ...(tls === undefined ? {} : { tls }) };
  const made = await rig({ account, credentials: async () => secret });
  return { ...made, binds: () => simulator.events.filter(({ kind }) => kind.startsWith('bind')).length };
}

describe('smpps', () => {
  test('binds where the certificate is signed by the authority that was configured', async () => {
    const { link, binds } = await secured(trusted);
    await until(() => link.status.state === 'bound');
    expect(binds()).toBe(1);
    expect(await link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered', commandStatus: 0 });
    await link.close({ drainMs: 1_000 });
  });

  test.each([
    ['signed by no authority that the system knows', undefined, /SELF_SIGNED/],
    ['signed by another authority than the configured one', { ...trusted, ca: ESME.cert }, /SELF_SIGNED/],
    ['made out to another name', { ...trusted, serverName: 'other.test' }, /ALTNAME/],
    ['not made out to the address, where no name is configured', { ca: MC.cert }, /ALTNAME/],
  ])('does not send the password over a connection whose certificate is %s', async (_, tls, code) => {
    const { link, binds } = await secured(tls);
    await until(() => link.status.state === 'waiting');
    expect(link.status).toMatchObject({ reason: 'connect_failed' });
    expect(link.status.detail).toMatch(code);
    expect(binds()).toBe(0);
  });

  test('binds to whoever answers only where that was configured, and says so in the log', async () => {
    const { link, log } = await secured({ verify: false });
    await until(() => link.status.state === 'bound');
    expect(log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: expect.stringMatching(/certificates are not verified/) }),
    );
  });
});

describe('a message centre that asks for a certificate', () => {
  const front: TlsOptions = { requestCert: true, rejectUnauthorized: true, ca: ESME.cert };

  test('is shown the one from the secret', async () => {
    const secret = { ...credentials, tls_cert: ESME.cert, tls_key: ESME.key };
    const { link } = await secured(trusted, { front, secret });
    await until(() => link.status.state === 'bound');
    expect(await link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered', commandStatus: 0 });
  });

  test.each([
    ['none', credentials],
    ['one that it does not trust', { ...credentials, tls_cert: MC.cert, tls_key: MC.key }],
  ])('refuses the connection where the secret has %s', async (_, secret) => {
    const { link, binds } = await secured(trusted, { front, secret });
    await until(() => link.status.state === 'waiting');
    expect(link.status.reason).toMatch(/^(connect_failed|connection_lost|peer_closed)$/);
    expect(binds()).toBe(0);
  });

  test('is tried again after a certificate that is none, and bound once the secret is mended', async () => {
    const secret = { ...credentials, tls_cert: 'rubbish', tls_key: 'rubbish' };
    const { link, statuses } = await secured(trusted, { front, secret });
    await until(() => statuses.filter(({ state }) => state === 'waiting').length > 1);
    expect(statuses.find(({ state }) => state === 'waiting')).toMatchObject({ reason: 'connect_failed' });
    Object.assign(secret, { tls_cert: ESME.cert, tls_key: ESME.key });
    await until(() => link.status.state === 'bound');
  });
});
