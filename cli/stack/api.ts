import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Bindery } from '../../docs/client/bindery.ts';
import { clientSettings } from './find-stack.ts';
import { output } from './outputs.ts';
import type { Stack } from './stack.ts';

/** The value of a secret of the stack. */
export async function secretValue({ aws }: Pick<Stack, 'aws'>, id: string): Promise<string> {
  const client = new SecretsManagerClient(clientSettings(aws));
  try {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: id }));
    return SecretString;
  } finally {
    client.destroy();
  }
}

/** The admin key, which is made with the stack. */
export async function adminKey(stack: Stack): Promise<string> {
  return `bk_live_admin_${await secretValue(stack, output(stack, 'AdminKeySecret'))}`;
}

/** A client of the stack's API. Without a key of one's own it is the admin's. */
export async function apiOf(
  stack: Stack,
  { BINDERY_KEY: own }: Readonly<Record<string, string | undefined>>,
): Promise<Bindery> {
  const url = output(stack, 'ApiUrl');
  return new Bindery({ url, key: own === undefined || own === '' ? await adminKey(stack) : own });
}
