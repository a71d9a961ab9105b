import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { LimitState } from './limits.ts';

/** A request on its way through the chain: what API Gateway gives, and what each middleware adds to it. */
export interface ApiEvent extends APIGatewayProxyEventV2 {
  /** Whose key it came with; added by authenticate.ts. */
  caller?: ApiKey;
  /** How its caller stands against limits, for the headers of the answer; added by rate-limit.ts, and to by operations. */
  limits?: LimitState[];
  /** The parsed body; added by json-body.ts. */
  json?: unknown;
}

/** The name under which a request with an `Idempotency-Key` creates what it creates, in every run of it. */
export interface Reservation {
  ulid: string;
  /** An earlier run broke off: what it created may already stand. */
  isRerun: boolean;
}

/** A request as an operation sees it. */
export interface HttpCall {
  caller: ApiKey;
  /** API Gateway's name of the route, such as `GET /v1/messages/{id}`. */
  route: string;
  /** The `{…}` parts of the path. */
  parameters: Record<string, string | undefined>;
  /** What stands behind the `?`; a name that is repeated has its values joined by commas. */
  query: Record<string, string | undefined>;
  /** undefined where there was none. */
  body: unknown;
  /** Only with an `Idempotency-Key`. */
  reservation?: Reservation;
  /** Limits that the operation has looked at, besides the rate; told with the answer, and not kept with it. */
  limits: LimitState[];
  /** Aborted when the caller has been told that it took too long: nothing more should be begun. */
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as text/csv, in place of a body. */
  csv?: string;
  headers?: Record<string, string>;
}

export type ApiResult = APIGatewayProxyStructuredResultV2;
