import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

async function listenOnce(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return taken;
}

/** A port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  return await listenOnce(0);
}

/** Why nothing can listen on that port of loopback: an error code such as EADDRINUSE; undefined when something can. */
export async function whyPortUnusable(port: number): Promise<string | undefined> {
  try {
    await listenOnce(port);
    return undefined;
  } catch (fault) {
    return (fault as NodeJS.ErrnoException).code ?? String(fault);
  }
}
