import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { arn } from '../aws/arn.ts';
import type { Policies } from '../iam/policies.ts';
import type { Observe } from '../observation.ts';
import type { AccessFacts } from './access-log.ts';
import { gatewayAnswer, type HttpAnswer, toAnswer } from './answer.ts';
import { toEvent } from './event.ts';
import { type Integration, type RouteMatch, RouteTable } from './routes.ts';
import type { Throttle } from './throttle.ts';

/** Largest body that API Gateway takes for an HTTP API. */
const MAXIMUM_BODY_OCTETS = 10 * 1024 * 1024;
/** Request line and headers together. */
const MAXIMUM_HEADER_OCTETS = 10_240;

/** An answer, and what led to it. */
interface Answered extends Pick<AccessFacts, 'routeKey' | 'integrationLatencyMs'> {
  answer: HttpAnswer;
}

/** Reads a body, or undefined when it is over the limit. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let lengthOctets = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    lengthOctets += chunk.length;
    // The rest is read and dropped, so that the client can finish writing and read the answer.
    if (lengthOctets <= MAXIMUM_BODY_OCTETS) chunks.push(chunk);
  }
  return lengthOctets > MAXIMUM_BODY_OCTETS ? undefined : Buffer.concat(chunks);
}

/** An HTTP API of API Gateway on a port of this machine's loopback. */
export class HttpApi {
  readonly apiId: string;
  readonly routes = new RouteTable();
  /** Name of the stage that is served; `$default` stands at the root, any other under its name. */
  stage = '$default';
  /** Hears of each request when it is answered. */
  logAccess: ((facts: AccessFacts) => void) | undefined;
  throttle: Throttle | undefined;
  readonly #observe: Observe;
  readonly #policies: Policies;
  readonly #server: Server;
  #open = false;
  #closing = false;

  constructor(apiId: string, { observe, policies }: { observe: Observe; policies: Policies }) {
    this.apiId = apiId;
    this.#observe = observe;
    this.#policies = policies;
    this.#server = createServer({ maxHeaderSize: MAXIMUM_HEADER_OCTETS }, (request, response) => {
      void this.#serve(request, response);
    });
  }

  /** Listens on loopback; port 0 takes a free one. Returns the API's address without a slash at the end. */
  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    return this.url;
  }

  /** Its address, without a slash at the end; it must listen. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${this.#prefix()}`;
  }

  /** From now on requests reach their functions; before, each is answered that the service is not there yet. */
  open(): void {
    this.#open = true;
  }

  /** Takes no new request and waits for those under way. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    await closed;
  }

  #prefix(): string {
    return this.stage === '$default' ? '' : `/${this.stage}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAtMs = performance.now();
    const requestTimeEpochMs = Date.now();
    const requestId = randomUUID();
    let answered: Answered;
    try {
      answered = await this.#answer(request, requestId);
    } catch {
      // The client hung up while it sent its body: there is no one to answer.
      response.destroy();
      return;
    }
    const { answer, ...route } = answered;
    const headers = { ...answer.headers, 'apigw-requestid': requestId, 'content-length': String(answer.body.length) };
    response.writeHead(answer.status, this.#closing ? { ...headers, connection: 'close' } : headers);
    response.end(request.method === 'HEAD' ? undefined : answer.body);
    const { status } = answer;
    const durationMs = performance.now() - startedAtMs;
    const path = (request.url ?? '').split('?')[0] ?? '';
    this.#observe({ kind: 'request', apiId: this.apiId, method: request.method ?? '', path, status, durationMs });
    const responseLengthOctets = answer.body.length;
    this.logAccess?.({
      requestTimeEpochMs,
      requestId,
      ...route,
      status,
      responseLengthOctets,
      responseLatencyMs: durationMs,
    });
  }

  async #answer(request: IncomingMessage, requestId: string): Promise<Answered> {
    const body = await readBody(request);
    if (body === undefined) return { answer: gatewayAnswer(413, 'Request Entity Too Large') };
    if (!this.#open) return { answer: gatewayAnswer(503, 'Service Unavailable') };
    if (this.throttle?.admits(performance.now()) === false) return { answer: gatewayAnswer(429, 'Too Many Requests') };
    const { method = 'GET', url: target = '/' } = request;
    const path = target.split('?')[0] ?? '/';
    const prefix = this.#prefix();
    const match = path.startsWith(`${prefix}/`) ? this.routes.match(method, path.slice(prefix.length)) : undefined;
    if (match === undefined) return { answer: gatewayAnswer(404, 'Not Found') };
    const event = toEvent(
      { method, target, rawHeaders: request.rawHeaders, body, sourceIp: request.socket.remoteAddress ?? '127.0.0.1' },
      {
        apiId: this.apiId,
        stage: this.stage,
        routeKey: match.routeKey,
        pathParameters: match.pathParameters,
        requestId,
        receivedAtEpochMs: Date.now(),
      },
    );
    if (!this.#mayInvoke(match))
      return { answer: gatewayAnswer(500, 'Internal Server Error'), routeKey: match.routeKey };
    const calledAtMs = performance.now();
    const answer = await integrate(match.integration, event);
    return { answer, routeKey: match.routeKey, integrationLatencyMs: performance.now() - calledAtMs };
  }

  /** As on AWS the caller is not told that the function's own policy does not let API Gateway in. */
  #mayInvoke({ routeKey, integration }: RouteMatch): boolean {
    const place = routeKey === '$default' ? routeKey : routeKey.replace(' ', '');
    const sourceArn = arn('execute-api', `${this.apiId}/${this.stage}/${place}`);
    const principal = { kind: 'service', name: 'apigateway.amazonaws.com', sourceArn } as const;
    try {
      this.#policies.require(principal, { action: 'lambda:InvokeFunction', resource: integration.function.arn });
      return true;
    } catch (denial) {
      this.#observe({ kind: 'notice', text: `${routeKey} can't reach its function: ${String(denial)}` });
      return false;
    }
  }
}

/** API Gateway stops waiting at the integration's time-out; the function runs on. */
async function integrate(integration: Integration, event: unknown): Promise<HttpAnswer> {
  const giveUp = new AbortController();
  const late = delay(integration.timeoutMs, gatewayAnswer(503, 'Service Unavailable'), { signal: giveUp.signal });
  late.catch(() => {});
  const answer = await Promise.race([integration.function.invoke(event).then(toAnswer), late]);
  giveUp.abort();
  return answer;
}
