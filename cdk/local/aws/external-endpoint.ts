import { createHash, createHmac } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { AccessKey } from './api.ts';
import { REGION } from './arn.ts';
import type { AwsAnswer } from './call.ts';

interface EndpointOptions {
  url: string;
  /** Service in the scope of the signature. */
  service: 'sqs' | 'dynamodb';
  /** Prefix of X-Amz-Target, e.g. `DynamoDB_20120810`. */
  target: string;
  credentials: AccessKey;
}

const PASSED_ON = ['content-type', 'x-amzn-requestid', 'x-amzn-query-error', 'x-amzn-errortype'];

/**
 * An AWS service outside of this process. Every program's calls are signed with the same key: DynamoDB Local, for one, shows each
 * access key a database of its own.
 */
export class ExternalEndpoint {
  readonly #url: URL;
  readonly #options: EndpointOptions;
  readonly #agent: HttpAgent | HttpsAgent;

  constructor(options: EndpointOptions) {
    this.#url = new URL(options.url);
    this.#options = options;
    this.#agent = new (this.#url.protocol === 'https:' ? HttpsAgent : HttpAgent)({ keepAlive: true });
  }

  /** Rejects when the endpoint can't be reached. */
  async send(action: string, input: unknown): Promise<AwsAnswer> {
    const body = JSON.stringify(input);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const send = this.#url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(
      this.#url,
      { method: 'POST', agent: this.#agent, headers: this.#signed(action, body) },
      resolve,
    );
    request.on('error', (cause) =>
      reject(new Error(`${this.#url.origin} can't be reached: ${cause.message}`, { cause })),
    );
    request.end(body);
    return answerOf(await promise);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Signature version 4 over host, date and target. */
  #signed(action: string, body: string): Record<string, string> {
    const { service, target, credentials } = this.#options;
    const date = `${new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
    const day = date.slice(0, 8);
    const signed = { host: this.#url.host, 'x-amz-date': date, 'x-amz-target': `${target}.${action}` };
    const names = Object.keys(signed).join(';');
    const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
    const canonical = ['POST', this.#url.pathname, '', lines.join(''), names, sha256(body)].join('\n');
    const scope = `${day}/${REGION}/${service}/aws4_request`;
    const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
    const parts = [day, REGION, service, 'aws4_request'];
    const key = parts.reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
    const credential = `${credentials.accessKeyId}/${scope}`;
    return {
      ...signed,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(body)),
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${hmac(key, text).toString('hex')}`,
    };
  }
}

async function answerOf(response: IncomingMessage): Promise<AwsAnswer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = response.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  return { status: response.statusCode ?? 500, headers, body: Buffer.concat(chunks) };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
