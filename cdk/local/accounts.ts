import * as z from 'zod';
import { type Account, accountSchema } from '../../shared/config/account.ts';
import type { LocalAws } from './aws/api.ts';
import type { OperatorOptions } from './options.ts';
import type { LocalStack } from './stack.ts';

/** The accounts of the deployment, as the binder is told them. */
export function accountsOf(stack: LocalStack): Account[] {
  return z.array(accountSchema).parse(JSON.parse(stack.variable('BINDER_ACCOUNTS') ?? '[]'));
}

/** On AWS a person stores the operator's credentials after the deploy; here they are known. */
export async function storeCredentials(
  stack: LocalStack,
  aws: LocalAws,
  { systemId, password }: Omit<OperatorOptions, 'url'>,
): Promise<void> {
  const secrets = JSON.parse(stack.variable('ACCOUNT_SECRETS') ?? '{}') as Record<string, string>;
  const value = JSON.stringify({ system_id: systemId, password });
  await Promise.all(Object.values(secrets).map((secret) => aws.secrets.setSecret(secret, value)));
}
