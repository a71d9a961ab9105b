import { createServer, type Server } from 'node:http';

/** What the page says of one account. */
export interface AccountHealth {
  account: string;
  role: 'owner' | 'standby';
  /** Where its session stands; absent on standby. */
  link?: { state: string };
  /** Parts that make no progress, though only this process could make it. */
  stalled: readonly string[];
}

/**
 * The page as JSON. `alive` is what the container's health check goes by; a session that is not bound is for alarms, because a
 * new container would meet the same operator.
 */
export interface Health<A extends AccountHealth = AccountHealth> {
  /** False where a part of the process is stuck: then the answer is 503, and a new process would do better. */
  alive: boolean;
  /** `bound`: every account that it owns is; `unbound`: one is not; `standby`: it owns none. */
  state: 'bound' | 'unbound' | 'standby';
  accounts: readonly A[];
}

export function healthOf<A extends AccountHealth>(accounts: readonly A[]): Health<A> {
  const owned = accounts.filter(({ role }) => role === 'owner');
  const bound = owned.every(({ link }) => link?.state === 'bound');
  return {
    alive: accounts.every(({ stalled }) => stalled.length === 0),
    state: owned.length === 0 ? 'standby' : bound ? 'bound' : 'unbound',
    accounts,
  };
}

/** Serves the page on the container's own loopback: 200 while the process is alive, else 503. */
export async function serveHealth(port: number, health: () => Health): Promise<Server> {
  const server = createServer((_request, response) => {
    const page = health();
    response.writeHead(page.alive ? 200 : 503, { 'content-type': 'application/json' });
    response.end(JSON.stringify(page));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // The page must not keep a stopping process alive.
  server.unref();
  return server;
}
