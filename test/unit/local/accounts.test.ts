import { expect, test } from 'vitest';
import { storeCredentials } from '../../../cdk/local/accounts.ts';
import type { LocalAws } from '../../../cdk/local/aws/api.ts';
import type { LocalStack } from '../../../cdk/local/stack.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';

/** Stores the credentials for one account; returns what the secret then holds. */
async function stored(password: string, longCredentials: boolean): Promise<string | undefined> {
  let secret: string | undefined;
  const variables: Record<string, string> = {
    BINDER_ACCOUNTS: JSON.stringify([
      { ...accountInput, longCredentials },
      { ...accountInput, name: 'second', longCredentials },
    ]),
    ACCOUNT_SECRETS: '{"test":"arn"}',
  };
  const stack = { variable: (name: string) => variables[name] } as unknown as LocalStack;
  const setSecret = async (_arn: string, value: string) => {
    secret = value;
  };
  await storeCredentials(stack, { secrets: { setSecret } } as unknown as LocalAws, { systemId: 'us', password });
  return secret;
}

test('the credentials of the person who starts are those of every account', async () => {
  expect(JSON.parse((await stored('secret12', false)) ?? '')).toEqual({ system_id: 'us', password: 'secret12' });
});

test('a password that the account would refuse at its bind is refused at the start, by the name that the person knows', async () => {
  const failure = await stored('hunter222', false).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'start_failed' });
  expect((failure as Error).message).toMatch(/^SMPP_PASSWORD has more than the 8 characters of SMPP 3\.4.*[^\n]*$/);
  expect((failure as Error).message).not.toContain('hunter');
  expect(await stored('hunter222', true)).toContain('hunter222');
});
