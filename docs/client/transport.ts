import type { ErrorCode, Problem } from './bindery.ts';

export interface ClientOptions {
  /** Address of the API, such as `https://abc123.execute-api.ap-southeast-1.amazonaws.com`. */
  url: string;
  /** `bk_live_…` or `bk_test_…`. */
  key: string;
  /** How often a call is tried again after a failure that may pass. Default 2. */
  mostRetries?: number;
  /** How long one try may take, milliseconds. Default 30 seconds. */
  timeoutMs?: number;
  /** Whether a POST that names no `Idempotency-Key` gets a new one, which makes its retries safe. Default true. */
  idempotent?: boolean;
  fetch?: typeof globalThis.fetch;
}

export interface CallOptions {
  /** Of a POST: the same key makes it the same request, however often it is sent. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export interface Call {
  method: string;
  path: string;
  query?: object | undefined;
  body?: unknown;
}

/** The API refused a call, or could not be reached. */
export class BinderyError extends Error {
  override readonly name = 'BinderyError';
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** `no_answer` where the API was not reached, `not_a_problem` where something in between answered. */
  readonly code: ErrorCode | 'no_answer' | 'not_a_problem';
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** When to try again, milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  readonly problem: Problem | undefined;

  constructor(
    message: string,
    about: Pick<BinderyError, 'status' | 'code' | 'retryable'> & {
      problem?: Problem;
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: about.cause });
    this.status = about.status;
    this.code = about.code;
    this.retryable = about.retryable;
    this.retryAfterMs = about.retryAfterMs;
    this.problem = about.problem;
  }
}

const FIRST_WAIT_MS = 250;
/** Who is told to wait longer than this is told so, instead of being kept waiting. */
const LONGEST_WAIT_MS = 20_000;

/** Calls the API, and calls again what may succeed on another try: the `Idempotency-Key` makes that safe. */
export class Transport {
  readonly #options: Required<ClientOptions>;

  constructor({ url, ...options }: ClientOptions) {
    this.#options = {
      mostRetries: 2,
      timeoutMs: 30_000,
      idempotent: true,
      fetch: globalThis.fetch,
      ...options,
      url: url.replace(/\/+$/, ''),
    };
  }

  /** @throws BinderyError; whatever `signal` is aborted with */
  protected async call<T>(call: Call, { idempotencyKey, signal }: CallOptions = {}): Promise<T> {
    const key = idempotencyKey ?? (this.#options.idempotent ? crypto.randomUUID() : undefined);
    const headers = {
      authorization: `Bearer ${this.#options.key}`,
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(call.method === 'POST' && key !== undefined ? { 'idempotency-key': key } : {}),
    };
    for (let retry = 0; ; retry += 1) {
      try {
        return (await this.#try(call, headers, signal)) as T;
      } catch (error) {
        const waitMs = this.#waitBefore(retry, error);
        if (waitMs === undefined) throw error;
        await pause(waitMs, signal);
      }
    }
  }

  async #try(call: Call, headers: Record<string, string>, signal: AbortSignal | undefined): Promise<unknown> {
    const { url, timeoutMs, fetch } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url + call.path + queryString(call.query), {
        method: call.method,
        headers,
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new BinderyError('no answer', { status: 0, code: 'no_answer', retryable: true, cause });
    }
    if (!response.ok) throw refusalOf(response, text);
    if (response.headers.get('content-type')?.startsWith('application/json')) return JSON.parse(text) as unknown;
    return text === '' ? undefined : text;
  }

  #waitBefore(retry: number, error: unknown): number | undefined {
    if (!(error instanceof BinderyError) || !error.retryable || retry >= this.#options.mostRetries) return undefined;
    const waitMs = error.retryAfterMs ?? FIRST_WAIT_MS * 2 ** retry * (0.5 + Math.random());
    return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
  }
}

/** A path with its parts in it. */
export function pathOf(parts: TemplateStringsArray, ...values: string[]): string {
  return parts.map((part, index) => part + encodeURIComponent(values[index] ?? '')).join('');
}

function queryString(query: object = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ''
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)])).toString()}`;
}

function refusalOf(response: Response, text: string): BinderyError {
  const { status, headers } = response;
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const later = Number.isNaN(retryAfter) ? {} : { retryAfterMs: retryAfter * 1000 };
  if (headers.get('content-type')?.startsWith('application/problem+json')) {
    const problem = JSON.parse(text) as Problem;
    const { code, retryable, title, detail } = problem;
    return new BinderyError(`${title}: ${detail}`, { status, code, retryable, problem, ...later });
  }
  const retryable = status === 429 || status >= 500;
  return new BinderyError(`HTTP ${status}`, { status, code: 'not_a_problem', retryable, ...later });
}

async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, waitMs);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      },
      { once: true },
    );
  });
}
