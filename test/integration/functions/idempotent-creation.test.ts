import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { beforeAll, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { Idempotency } from '../../../functions/middleware/idempotency.ts';
import { IdempotencyStore } from '../../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../../shared/store/control-keys.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { Life } from './mortal-client.ts';

let database: TestDatabase;
let admin: string;
beforeAll(async () => {
  database = await startDatabase();
  admin = await storedKey(database, { keyId: 'boss', scopes: ['admin'] });
});

function setUp(now: number, life = new Life()) {
  const parts = httpParts(database, { now });
  const document = life.client(database.document);
  const records = new IdempotencyStore(document, 'Control');
  return manageHandler({
    ...parts,
    keyStore: new KeyStore(document, 'Control'),
    idempotency: new Idempotency({ ...parts, records, newUlid: ulid }),
    accounts: [{ name: 'main' }],
    endpoints: new WebhookStore(document, 'Control'),
    newEndpointId: () => `we_${ulid()}`,
    randomBytes,
    loopbackAllowed: false,
  });
}

test.each([
  ['POST /v1/keys', 'key', (name: string) => ({ name, scopes: ['messages:read'] }), 'name'],
  [
    'POST /v1/webhook-endpoints',
    'secret',
    (description: string) => ({ url: 'https://example.com/', description }),
    'description',
  ],
])(
  '%s that dies at any step and is sent again makes one, and its secret is told',
  async (route, secret, bodyOf, field) => {
    for (const stepsLeft of [1, 2, 3]) {
      for (const isLastDone of [false, true]) {
        const name = `dies-${stepsLeft}-${isLastDone}`;
        const request = { key: admin, body: bodyOf(name), headers: { 'idempotency-key': name } };
        await call(setUp(CREATED_AT, new Life({ stepsLeft, isLastDone })), route, request);
        const answer = await call(setUp(CREATED_AT + 12_000), route, request);
        expect(answer.status, name).toBe(201);
        const made = (await database.items('Control')).filter((item) => item[field] === name);
        expect(
          made.map(({ sk }) => sk),
          name,
        ).toEqual([answer.body['id']]);
        // A replay tells the same secret, though the table has it sealed only.
        const again = await call(setUp(CREATED_AT + 13_000), route, request);
        expect(again.body[secret], name).toBe(answer.body[secret]);
      }
    }
  },
);
