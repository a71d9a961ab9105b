import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AwsAnswer, AwsError } from './call.ts';
import type { Callers } from './callers.ts';
import { errorAnswer, type IncomingCall } from './dispatcher.ts';
import { targetOf } from './target.ts';

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const HOST = '127.0.0.1';
/** What has not ended by then (a fault that a hook plays, say) is cut. */
const CLOSE_TIMEOUT_MS = 2000;

interface FrontOptions {
  port: number;
  callers: Callers;
  dispatch: (call: IncomingCall) => Promise<AwsAnswer>;
  log: (line: string) => void;
}

/** The HTTP server that every AWS call of every program passes through. */
export class Front {
  readonly #server: Server;
  readonly #options: FrontOptions;
  /** Calls under way. */
  readonly #open = new Set<AbortController>();
  #closing = false;

  constructor(options: FrontOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // SDK clients keep connections for long; a server that closes first makes them meet a reset now and then.
    this.#server.keepAliveTimeout = 300_000;
  }

  get url(): string {
    return `http://${HOST}:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, HOST, () => {
        this.#server.removeListener('error', reject);
        resolve();
      });
    });
  }

  /** Takes no new call, ends long polls, and waits for the calls that are under way. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#closing = true;
    for (const controller of this.#open) controller.abort();
    this.#hangUpWhenIdle();
    const force = setTimeout(() => this.#server.closeAllConnections(), CLOSE_TIMEOUT_MS);
    await closed;
    clearTimeout(force);
  }

  /** Clients keep connections open for their next call; there won't be one. */
  #hangUpWhenIdle(): void {
    if (this.#closing && this.#open.size === 0) this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const controller = new AbortController();
    this.#open.add(controller);
    let delivered = false;
    let answer: AwsAnswer | undefined;
    response.on('finish', () => {
      delivered = true;
    });
    response.on('close', () => {
      this.#open.delete(controller);
      if (!delivered) {
        controller.abort();
        answer?.undelivered?.();
      }
      this.#hangUpWhenIdle();
    });
    try {
      answer = await this.#answer(request, controller.signal);
    } catch (cause) {
      // The caller hung up while it was still speaking.
      if (request.destroyed && !request.complete) return;
      answer = errorAnswer(cause, this.#options.log);
    }
    if (response.destroyed) answer.undelivered?.();
    else this.#write(response, answer);
  }

  #write(response: ServerResponse, answer: AwsAnswer): void {
    response.writeHead(answer.status, {
      'Content-Type': 'application/x-amz-json-1.0',
      'Content-Length': Buffer.byteLength(answer.body),
      ...answer.headers,
    });
    response.end(answer.body);
  }

  async #answer(request: IncomingMessage, signal: AbortSignal): Promise<AwsAnswer> {
    const body = await readBody(request);
    const target = targetOf(request.headers);
    const caller = this.#options.callers.find(target.accessKeyId);
    if (!caller) {
      this.#options.log(`Refused ${target.scope}:${target.action}: unknown access key ${target.accessKeyId}`);
      throw new AwsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
    }
    const { scope, action } = target;
    return this.#options.dispatch({ scope, action, caller, headers: request.headers, body, signal });
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let lengthBytes = 0;
  // Not destroyed when too long, so that the answer can still be written.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length;
    if (lengthBytes > MAX_BODY_BYTES) throw new AwsError('RequestEntityTooLargeException', 'Request too large', 413);
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only ? only : Buffer.concat(chunks);
}
