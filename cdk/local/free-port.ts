import type { AddressInfo } from 'node:net';
import { StartError } from './start-error.ts';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'needs more rights than this user has',
};

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

/**
 * Finds out before anything is begun whether the API can listen there; 0 stands for any free port.
 * @throws StartError naming the port and what to do
 */
export async function checkPort(port: number): Promise<void> {
  try {
    await listenOnce(port);
  } catch (fault) {
    const { code, message } = fault as NodeJS.ErrnoException;
    throw new StartError(
      `Port ${port} of 127.0.0.1 ${REASONS[code ?? ''] ?? `can't be used (${message})`}. ` +
        'Choose another with --port N, or leave the flag out to take a free one.',
    );
  }
}
