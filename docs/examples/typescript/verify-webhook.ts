// Receives events at http://127.0.0.1:PORT, and takes only those that Bindery signed. Needs WEBHOOK_SECRET (whsec_...).
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

const MOST_SECONDS_OLD = 300;
const secret = Buffer.from((process.env['WEBHOOK_SECRET'] ?? '').replace(/^whsec_/, ''), 'base64');

/** Whether a delivery is genuine (Standard Webhooks 1.0.0). The body must be as it came, octet by octet. */
function isGenuine(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const id = String(headers['webhook-id']);
  const timestamp = String(headers['webhook-timestamp']);
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= MOST_SECONDS_OLD)) return false;
  const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest();
  // While a secret is rotated there are several signatures, parted by spaces.
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  if (!isGenuine(request.headers, body)) {
    response.writeHead(401).end();
    return;
  }
  // Answer first: what takes long is done afterwards. An event may come twice, with the same webhook-id.
  response.writeHead(204).end();
  const event = JSON.parse(body.toString()) as { type: string; data: { message_id?: string } };
  console.log(event.type, event.data.message_id ?? '');
}

const server = createServer((request, response) => void receive(request, response));
server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => console.log('listening'));
