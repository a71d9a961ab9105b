import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AccountHealth, type Health, healthOf, serveHealth } from '../../../binder/health-page.ts';

const owned = (account: string, state: string, stalled: string[] = []): AccountHealth => ({
  account,
  role: 'owner',
  link: { state },
  stalled,
});
const standby = (account: string, stalled: string[] = []): AccountHealth => ({ account, role: 'standby', stalled });

describe('the state of a binder', () => {
  test.each<[string, AccountHealth[], Health['state']]>([
    ['that owns nothing is standby', [standby('a'), standby('b')], 'standby'],
    ['whose accounts are all bound is bound, whatever it stands by for', [owned('a', 'bound'), standby('b')], 'bound'],
    ['with one account that is not bound is unbound', [owned('a', 'bound'), owned('b', 'waiting')], 'unbound'],
  ])('%s', (_what, accounts, state) => {
    expect(healthOf(accounts)).toEqual({ alive: true, state, accounts });
  });

  test('is alive without a session: a new container would meet the same operator', () => {
    expect(healthOf([owned('a', 'waiting'), owned('b', 'connecting')]).alive).toBe(true);
  });

  test('is not alive when a part of it is stuck, on standby too', () => {
    expect(healthOf([owned('a', 'bound'), owned('b', 'bound', ['turn'])]).alive).toBe(false);
    expect(healthOf([standby('a', ['lease'])]).alive).toBe(false);
  });
});

describe('the page', () => {
  async function answer(health: Health): Promise<Response> {
    const server = await serveHealth(0, () => health);
    onTestFinished(async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    });
    return await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  test('is JSON and 200 while the process is alive', async () => {
    const health = healthOf([owned('a', 'waiting')]);
    const response = await answer(health);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual(health);
  });

  test('is 503 when a part is stuck, and says which', async () => {
    const response = await answer(healthOf([owned('a', 'binding', ['session binding'])]));

    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ alive: false, accounts: [{ stalled: ['session binding'] }] });
  });
});
