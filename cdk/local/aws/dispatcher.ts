import { randomUUID } from 'node:crypto';
import type { CallHooks } from './api.ts';
import { type AwsAnswer, type AwsCall, AwsError, type AwsService, type Caller, type ServiceName } from './call.ts';

/** A call before its service is known. */
export interface IncomingCall {
  scope: string;
  action: string;
  caller: Caller;
  headers: AwsCall['headers'];
  body: Buffer;
  signal: AbortSignal;
}

interface DispatcherOptions {
  services: Record<ServiceName, AwsService>;
  /** Throws the AwsError of a denial. */
  authorize: (call: AwsCall) => void;
  hooks: CallHooks;
  log: (line: string) => void;
}

/** Leads a call to its service, past the policies and the hooks. */
export class Dispatcher {
  readonly #options: DispatcherOptions;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Errors of services and hooks are answers; throws only when no service was found or the body is not JSON. */
  async dispatch({ scope, ...incoming }: IncomingCall): Promise<AwsAnswer> {
    const { services, log } = this.#options;
    if (!isService(scope, services) || incoming.action === '') {
      log(
        `Refused ${scope}:${incoming.action || '(no X-Amz-Target)'} of ${incoming.caller.program}: not in the local stack`,
      );
      throw new AwsError('UnknownOperationException', `The local stack has no ${scope}:${incoming.action}`);
    }
    return this.#perform({ ...incoming, service: scope, input: parseInput(incoming.body) });
  }

  async #perform(call: AwsCall): Promise<AwsAnswer> {
    const { authorize, hooks, log } = this.#options;
    const startedAt = performance.now();
    let answer: AwsAnswer | undefined;
    try {
      authorize(call);
      answer = await hooks.intercept?.(call, (passed) => this.#proceed(passed));
    } catch (cause) {
      answer = errorAnswer(cause, log);
    }
    answer ??= await this.#proceed(call);
    hooks.observe?.(call, answer, performance.now() - startedAt);
    return answer;
  }

  async #proceed(call: AwsCall): Promise<AwsAnswer> {
    try {
      return await this.#options.services[call.service].handle(call);
    } catch (cause) {
      return errorAnswer(cause, this.#options.log);
    }
  }
}

/** An AwsError as the SDKs read it; anything else is a fault of the local stack, logged and answered with 500 as AWS would. */
export function errorAnswer(cause: unknown, log: (line: string) => void): AwsAnswer {
  const error = cause instanceof AwsError ? cause : internalError(cause, log);
  return {
    status: error.status,
    headers: { 'x-amzn-RequestId': randomUUID(), 'x-amzn-ErrorType': error.code, ...error.headers },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

function internalError(cause: unknown, log: (line: string) => void): AwsError {
  log(`Fault in the local stack: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
  return new AwsError('InternalServerError', 'Fault in the local stack; see its log', 500);
}

const isService = (scope: string, services: Record<ServiceName, AwsService>): scope is ServiceName =>
  Object.hasOwn(services, scope);

function parseInput(body: Buffer): Record<string, unknown> {
  try {
    const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as Record<string, unknown>;
  } catch {
    // Told below, like a body that is JSON but no object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object');
}
