import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { type Level, programLog } from '../../shared/log/log.ts';
import { IdempotencyStore } from '../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { RateStore } from '../../shared/store/control-rates.ts';
import type { HttpDependencies } from './http.ts';
import { Idempotency } from './idempotency.ts';
import { KeyRing } from './key-ring.ts';
import { RateLimiter } from './rate-limit.ts';

interface HttpEnvironment {
  STAGE: string;
  LOG_LEVEL: Level;
  CONTROL_TABLE: string;
  API_REQUESTS_PER_SECOND: number;
}

/** What every function behind the HTTP API is made with. @param program its name, for the log */
export function httpDependencies(
  program: string,
  { STAGE, LOG_LEVEL, CONTROL_TABLE, API_REQUESTS_PER_SECOND }: HttpEnvironment,
  document: DynamoDBDocumentClient,
): HttpDependencies {
  const log = programLog(program, LOG_LEVEL, STAGE);
  const now = Date.now;
  return {
    idempotency: new Idempotency({ records: new IdempotencyStore(document, CONTROL_TABLE), newUlid: ulid, now, log }),
    rates: new RateLimiter({
      rates: new RateStore(document, CONTROL_TABLE),
      perSecond: API_REQUESTS_PER_SECOND,
      now,
      log,
    }),
    keys: new KeyRing(new KeyStore(document, CONTROL_TABLE), { now, log }),
    log,
    now,
  };
}
