import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../../binder/credentials.ts';

/** A secret store with one secret. */
function storeWith(secretString: string | undefined): Pick<SecretsManagerClient, 'send'> {
  const send = async ({ input }: GetSecretValueCommand) =>
    input.SecretId === 'the-secret' ? { SecretString: secretString } : {};
  return { send: send as SecretsManagerClient['send'] };
}

const read = (secretString: string | undefined, longCredentials = false) =>
  readCredentials(storeWith(secretString), 'the-secret', { longCredentials });

describe('reading the credentials of an account', () => {
  test('gives what the bind needs, and leaves out what else the secret holds', async () => {
    const secret = { system_id: 'esme', password: 'secret12', note: 'from the portal' };
    expect(await read(JSON.stringify(secret))).toEqual({ system_id: 'esme', password: 'secret12' });
  });

  test.each([undefined, '', 'secret12', '[]', '{"system_id":"esme"}', '{"system_id":"esme","password":"hunter222"}'])(
    'fails where the secret is %j, and names what is wrong and no value',
    async (secretString) => {
      const failure = await read(secretString).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'credentials_unusable' });
      expect((failure as Error).message).toMatch(/^the credentials secret is unusable: (\(all\)|password): ./);
      expect((failure as Error).message).not.toMatch(/secret12|hunter|esme"/);
    },
  );

  test('takes a long password where the account says that its operator gives them out', async () => {
    const secret = JSON.stringify({ system_id: 'esme', password: 'hunter222' });
    expect(await read(secret, true)).toMatchObject({ password: 'hunter222' });
  });
});
