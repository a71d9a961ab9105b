import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { whenOver } from './tear-down.ts';

interface Delivery {
  /** `webhook-id` */
  id: string;
  /** Epoch milliseconds. */
  at: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Event {
  type: string;
  timestamp: string;
}

/** A customer's program at the other end of a webhook, until the test file is over. It may behave as it likes. */
export class WebhookReceiver {
  readonly deliveries: Delivery[] = [];
  behave: RequestListener;
  readonly #server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const { headers } = request;
      this.deliveries.push({ id: String(headers['webhook-id']), at: Date.now(), headers, body });
      this.behave(request, response);
    });
  });

  constructor(behave: RequestListener) {
    this.behave = behave;
  }

  static async start(behave: RequestListener = (_request, response) => void response.end()): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(behave);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    whenOver(async () => {
      receiver.#server.closeAllConnections();
      await Promise.resolve(receiver.#server.close());
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  get ids(): Set<string> {
    return new Set(this.deliveries.map(({ id }) => id));
  }

  get types(): Set<string> {
    return new Set(this.deliveries.map(({ body }) => (JSON.parse(body) as Event).type));
  }

  /** Milliseconds from each event to its first delivery. */
  get delays(): number[] {
    return [...this.ids].map((id) => {
      const first = this.deliveries.find((delivery) => delivery.id === id);
      return first === undefined ? Infinity : first.at - Date.parse((JSON.parse(first.body) as Event).timestamp);
    });
  }

  /** Ids of the deliveries that the reference implementation refuses. */
  refusedBy(secret: string): string[] {
    const webhook = new Webhook(secret);
    return this.deliveries.flatMap(({ id, headers, body }) => {
      try {
        webhook.verify(body, headers as Record<string, string>);
        return [];
      } catch {
        return [id];
      }
    });
  }
}
