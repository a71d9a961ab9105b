import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { checkWebhookUrl } from '../../shared/webhooks/address.ts';
import { checkLiteral, guardedLookup, type Resolve } from './guarded-lookup.ts';

export interface PostOptions {
  timeoutMs: number;
  loopbackAllowed: boolean;
  /** Finds the addresses of names. */
  resolve: Resolve;
}

export type PostOutcome =
  | {
      kind: 'answered';
      httpStatus: number;
      /** As it was written. */
      retryAfter?: string;
      /** Its status came in time, the rest of it did not. */
      isEndless?: true;
    }
  /** No answer; the reason holds nothing of the request. */
  | { kind: 'failed'; reason: string }
  /** It may have arrived. */
  | { kind: 'late'; reason: string };

/** What an endpoint may say before it is hung up on; nobody reads it. */
const MOST_ANSWER_OCTETS = 65_536;

/** Posts a body, once: no redirect is followed and no connection is kept. Never throws. */
export async function post(
  target: { url: string; headers: Record<string, string>; body: string },
  options: PostOptions,
): Promise<PostOutcome> {
  try {
    const checked = checkWebhookUrl(target.url, options);
    if (checked.kind === 'refused') return { kind: 'failed', reason: `the address ${checked.detail}` };
    const url = new URL(checked.url);
    checkLiteral(url, options);
    return { kind: 'answered', ...(await send(url, target, options)) };
  } catch (error) {
    if (isTimeout(error)) return { kind: 'late', reason: 'no answer in time' };
    return { kind: 'failed', reason: reasonOf(error) };
  }
}

async function send(
  url: URL,
  { headers, body }: { headers: Record<string, string>; body: string },
  { timeoutMs, loopbackAllowed, resolve }: PostOptions,
): Promise<Omit<Extract<PostOutcome, { kind: 'answered' }>, 'kind'>> {
  const signal = AbortSignal.timeout(timeoutMs);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return await new Promise((settle, fail) => {
    let answer: (() => void) | undefined;
    const sent = request(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        agent: false,
        lookup: guardedLookup({ loopbackAllowed }, resolve),
        signal,
      },
      (response) => {
        let octets = 0;
        response.on('data', (chunk: Buffer) => {
          octets += chunk.length;
          if (octets > MOST_ANSWER_OCTETS) response.destroy();
        });
        // Its status is its answer, however the rest of it ends.
        answer = () => settle({ ...statusOf(response), ...(signal.aborted ? { isEndless: true } : {}) });
        response.on('error', answer).on('close', answer);
      },
    );
    sent.on('error', (fault) => (answer === undefined ? fail(fault) : answer()));
    // Who wants another protocol has answered as well; unasked, Node would tell nobody that this is over.
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      settle(statusOf(response));
    });
    sent.end(body);
  });
}

function statusOf({ statusCode = 0, headers: { 'retry-after': retryAfter } }: IncomingMessage) {
  return { httpStatus: statusCode, ...(retryAfter === undefined ? {} : { retryAfter }) };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError');
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.name : code;
}
