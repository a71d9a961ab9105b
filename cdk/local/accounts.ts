import * as z from 'zod';
import { type Account, accountSchema } from '../../shared/config/account.ts';
import { credentialsSchema } from '../../shared/config/credentials.ts';
import type { LocalAws } from './aws/api.ts';
import type { OperatorOptions } from './options.ts';
import type { LocalStack } from './stack.ts';
import { StartError } from './start-error.ts';

/** The accounts of the deployment, as the binder is told them. */
export function accountsOf(stack: LocalStack): Account[] {
  return z.array(accountSchema).parse(JSON.parse(stack.variable('BINDER_ACCOUNTS') ?? '[]'));
}

/** Those at operators, as opposed to the one for test keys. */
export function operatorsAccounts(accounts: readonly Account[]): Account[] {
  return accounts.filter(({ simulated }) => simulated !== true);
}

/** Names as the person who starts knows them. */
const VARIABLES: Record<string, string> = { system_id: 'SMPP_SYSTEM_ID', password: 'SMPP_PASSWORD' };

/** @throws StartError where an account would refuse the credentials at its first bind */
function checkCredentials(accounts: readonly Account[], credentials: { system_id: string; password: string }): void {
  const problems = accounts.flatMap((account) => {
    const { error } = credentialsSchema(account).safeParse(credentials);
    return (error?.issues ?? []).map(({ path, message }) => `${VARIABLES[path.join('.')]} ${message}`);
  });
  if (problems.length > 0) throw new StartError([...new Set(problems)].join('\n'));
}

/**
 * On AWS a person stores the operator's credentials after the deploy; here they are known.
 * @throws StartError
 */
export async function storeCredentials(
  stack: LocalStack,
  aws: LocalAws,
  { systemId, password }: Omit<OperatorOptions, 'url'>,
): Promise<void> {
  const secrets = JSON.parse(stack.variable('ACCOUNT_SECRETS') ?? '{}') as Record<string, string>;
  const credentials = { system_id: systemId, password };
  checkCredentials(operatorsAccounts(accountsOf(stack)), credentials);
  const value = JSON.stringify(credentials);
  await Promise.all(Object.values(secrets).map((secret) => aws.secrets.setSecret(secret, value)));
}
