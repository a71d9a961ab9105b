import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Account } from '../shared/config/account.ts';
import { type Credentials, credentialsSchema } from '../shared/config/credentials.ts';
import { describeIssues } from '../shared/config/environment.ts';

/** A secret that cannot be used to bind. Its message names what is wrong and never a value. */
export class CredentialsError extends Error {
  readonly code = 'credentials_unusable';
}

/**
 * Reads an account's credentials. Called before each bind, so that a rotated password needs no restart.
 * @throws CredentialsError where the secret is not what the account's `credentialsSchema` allows
 */
export async function readCredentials(
  client: Pick<SecretsManagerClient, 'send'>,
  secretId: string,
  account: Pick<Account, 'longCredentials'>,
): Promise<Credentials> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const parsed = credentialsSchema(account).safeParse(parseJson(SecretString));
  if (parsed.success) return parsed.data;
  throw new CredentialsError(`the credentials secret is unusable: ${describeIssues(parsed.error).join('; ')}`);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
