import { ERROR_CODES } from '../../shared/contracts/error-codes.ts';
import type { ProblemDetails } from '../../shared/contracts/problem.ts';
import type { Log } from '../../shared/log/log.ts';
import type { IdempotencyStore } from '../../shared/store/control-idempotency.ts';
import type { ApiEvent, ApiResult, Reservation } from './api-event.ts';
import { parseIdempotencyKey } from './idempotency-key.ts';
import { Refusal } from './refusal.ts';
import { type IdempotentRequest, idempotentRequest, sealAnswer, unsealAnswer } from './sealed-answer.ts';

export interface IdempotencyDependencies {
  records: Pick<IdempotencyStore, 'begin' | 'answer' | 'free' | 'forget'>;
  /** A new ULID. */
  newUlid: (now: number) => string;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

type Operation = (reservation?: Reservation) => Promise<ApiResult>;
type KeptAnswer = { result: ApiResult } | { refusal: ProblemDetails; headers: Record<string, string> };

const REPLAYED = { 'idempotency-replayed': 'true' };
/** Nothing was done, and the same request may do well later. */
const NOT_KEPT: ReadonlySet<number> = new Set([401, 403, 429, 503]);

/**
 * Runs a POST once for each `Idempotency-Key` of its caller and path, however often it is sent.
 *
 * Before anything is done a record is written that names what will be created. Wherever a run breaks off, the next one finds
 * that name and goes on under it, so that creating (which is conditional everywhere) cannot happen twice; when the answer is
 * ready it is written into the record, and from then on repeated.
 */
export class Idempotency {
  readonly #dependencies: IdempotencyDependencies;

  constructor(dependencies: IdempotencyDependencies) {
    this.#dependencies = dependencies;
  }

  async run(event: ApiEvent, operation: Operation): Promise<ApiResult> {
    const header = event.headers['idempotency-key'];
    if (header === undefined || event.requestContext.http.method !== 'POST') return await operation();
    const request = requestOf(event, header);
    const { records, newUlid, now } = this.#dependencies;
    const startedAt = now();
    const [ulid, run] = [newUlid(startedAt), newUlid(startedAt)];
    const begun = await records.begin({ ...request, ulid, run, now: startedAt });
    switch (begun.kind) {
      case 'begun':
        return await this.#perform(request, { ...begun, run }, operation);
      case 'answered':
        return repeat(unsealAnswer(begun.answer, request.seal) as KeptAnswer);
      case 'running':
        throw new Refusal(
          { code: 'idempotent_request_running', detail: 'a request with this Idempotency-Key is still at work' },
          { 'retry-after': String(Math.max(1, Math.ceil(begun.retryAfterMs / 1000))) },
        );
      case 'other_request':
        throw new Refusal({
          code: 'idempotency_key_reused',
          detail: 'this Idempotency-Key was used with another body; a new request needs a new key',
        });
    }
  }

  async #perform(
    { id, seal }: IdempotentRequest,
    { run, ...reservation }: Reservation & { run: string },
    operation: Operation,
  ): Promise<ApiResult> {
    const { records } = this.#dependencies;
    try {
      const result = await operation(reservation);
      await this.#note(async () => await records.answer(id, run, sealAnswer({ result } satisfies KeptAnswer, seal)));
      return result;
    } catch (error) {
      await this.#note(async () => {
        if (!(error instanceof Refusal) || isUncertain(error)) return await records.free(id, run);
        if (NOT_KEPT.has(ERROR_CODES[error.details.code].status)) {
          // What an earlier run may have done keeps its name.
          return await (reservation.isRerun ? records.free(id, run) : records.forget(id, run));
        }
        const kept: KeptAnswer = { refusal: error.details, headers: error.headers };
        return await records.answer(id, run, sealAnswer(kept, seal));
      });
      throw error;
    }
  }

  /** What was done is done: if only the note of it fails, a later request runs again, under the same name. */
  async #note(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#dependencies.log.warn('idempotency record not written', { error });
    }
  }
}

/** Neither done nor not done, as far as is known. */
function isUncertain({ details: { code } }: Refusal): boolean {
  return code === 'temporarily_unavailable' || code === 'internal_error';
}

function requestOf(event: ApiEvent, header: string): IdempotentRequest {
  const key = parseIdempotencyKey(header);
  if (key === undefined) {
    throw new Refusal({
      code: 'invalid_idempotency_key',
      detail: 'the Idempotency-Key must be 1 to 255 printable ASCII characters, bare or in double quotes',
    });
  }
  if (event.caller === undefined) throw new TypeError('an idempotent request was reached without a key');
  try {
    return idempotentRequest([event.caller.keyId, 'POST', event.rawPath], key, event.json);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal({ code: 'malformed_json', detail: 'it is nested too deeply' });
    throw error;
  }
}

function repeat(answer: KeptAnswer): ApiResult {
  if ('refusal' in answer) throw new Refusal(answer.refusal, { ...answer.headers, ...REPLAYED });
  return { ...answer.result, headers: { ...answer.result.headers, ...REPLAYED } };
}
