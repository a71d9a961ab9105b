import { lookup } from 'node:dns/promises';
import net from 'node:net';
import { faultCode } from '../../binder/session/connection.ts';
import { type Endpoint, openSocket, parseEndpoint } from '../../binder/session/endpoint.ts';
import type { Account } from '../../shared/config/account.ts';
import type { Check } from '../checks/check.ts';
import { adviceOnFault } from './bind-advice.ts';

/** Opens a connection and closes it again. @returns the fault's code, or undefined where it came about */
async function connect(endpoint: Endpoint, limitMs: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = openSocket(endpoint, () => resolve(undefined));
  socket.on('error', (error) => resolve(faultCode(error)));
  socket.on('close', () => resolve('closed'));
  const timer = setTimeout(() => resolve('ETIMEDOUT'), limitMs);
  const result = await promise;
  clearTimeout(timer);
  socket.destroy();
  return result;
}

/** The operator of an account as seen from this machine: its name, its port, and its certificate where there is one. */
export async function* reachOperator(account: Pick<Account, 'name' | 'url' | 'tls' | 'timers'>): AsyncGenerator<Check> {
  const endpoint = parseEndpoint(account);
  const { host, port } = endpoint;
  if (net.isIP(host) === 0) {
    const name = `${account.name}: name`;
    try {
      const { address } = await lookup(host);
      yield { name, state: 'good', detail: `${host} is ${address}` };
    } catch (error) {
      const code = faultCode(error);
      yield { name, state: 'bad', detail: `${host} cannot be found (${code})`, next: adviceOnFault(code) };
      return;
    }
  }
  const limitMs = account.timers.connectMs;
  const refused = await connect({ ...endpoint, tls: undefined }, limitMs);
  const tcp = `${account.name}: port`;
  if (refused !== undefined) {
    yield {
      name: tcp,
      state: 'bad',
      detail: `no connection to ${host}:${port} (${refused})`,
      next: adviceOnFault(refused),
    };
    return;
  }
  yield { name: tcp, state: 'good', detail: `${host}:${port} takes connections` };
  if (endpoint.tls === undefined) return;
  const fault = await connect(endpoint, limitMs);
  const tls = `${account.name}: TLS`;
  if (fault !== undefined) yield { name: tls, state: 'bad', detail: `no TLS (${fault})`, next: adviceOnFault(fault) };
  else if (endpoint.tls.verify) yield { name: tls, state: 'good', detail: 'the certificate is good' };
  else
    yield {
      name: tls,
      state: 'warning',
      detail: 'certificates are not verified',
      next: 'Set `tls.ca` of the account in place of `tls.verify` false.',
    };
}
