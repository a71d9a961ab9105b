import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A webhook's receiver that notes when each request came. */
export class WebhookClock {
  /** Monotonic milliseconds of the first request, by what `idOf` reads. */
  readonly atMs = new Map<string, number>();
  readonly #server: Server;

  private constructor(idOf: (body: string) => string | undefined) {
    this.#server = createServer((request, response) => {
      const atMs = performance.now();
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      request.on('end', () => {
        response.end();
        const id = idOf(body);
        if (id !== undefined && !this.atMs.has(id)) this.atMs.set(id, atMs);
      });
    });
  }

  /** @param idOf undefined for what is not to be noted */
  static async start(idOf: (body: string) => string | undefined): Promise<WebhookClock> {
    const clock = new WebhookClock(idOf);
    clock.#server.listen(0, '127.0.0.1');
    await once(clock.#server, 'listening');
    return clock;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
