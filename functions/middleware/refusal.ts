import type { HttpErrorCode } from '../../shared/contracts/error-codes.ts';
import type { ProblemDetails } from '../../shared/contracts/problem.ts';

/** Ends a request with a problem, from wherever in the chain it was found. Not a fault: nothing is logged for it but its code. */
export class Refusal extends Error {
  readonly details: ProblemDetails;
  /** Headers that belong to the answer, such as Retry-After. */
  readonly headers: Record<string, string>;

  constructor(details: ProblemDetails, headers: Record<string, string> = {}) {
    super(details.code);
    this.details = details;
    this.headers = headers;
  }
}

/** For one fault, of the field at `pointer`. */
export function fieldRefusal(pointer: string, code: HttpErrorCode, detail: string): Refusal {
  return new Refusal({ code, detail: `${pointer}: ${detail}`, errors: [{ pointer, code, detail }] });
}

export function requestTimedOut(): never {
  throw new Refusal(
    { code: 'temporarily_unavailable', detail: 'it took too long; nothing is known of its outcome' },
    { 'retry-after': '2' },
  );
}
