import type { Account } from '../../shared/config/account.ts';
import { type Credentials, credentialsSchema } from '../../shared/config/credentials.ts';
import { describeIssues } from '../../shared/config/environment.ts';
import { parsedJson } from '../parsed-json.ts';
import { secretValue } from '../stack/api.ts';
import { credentialsSecrets } from '../stack/outputs.ts';
import type { Stack } from '../stack/stack.ts';
import type { Check } from './check.ts';
import { failedCheck } from './stack.ts';

/** What the secret has for a system id until a person stores one (cdk/constructs/secrets.ts). */
const PLACEHOLDER = 'REPLACE_ME';
const STORE = 'Store them: `npm run cli -- credentials`';

/** An account's credentials as its secret has them, where they can be used. */
export async function checkCredentials(
  stack: Stack,
  account: Account,
): Promise<{ check: Check; credentials?: Credentials }> {
  const name = `${account.name}: credentials`;
  const next = `${STORE} --account ${account.name}`;
  try {
    const id = credentialsSecrets(stack).get(account.name);
    if (id === undefined) {
      const detail = 'the stack was deployed without this account';
      return { check: { name, state: 'bad', detail, next: 'Deploy it: `npm run deploy`' } };
    }
    const result = credentialsSchema(account).safeParse(parsedJson(await secretValue(stack, id)));
    if (!result.success) {
      return {
        check: {
          name,
          state: 'bad',
          detail: `the secret cannot be used: ${describeIssues(result.error).join('; ')}`,
          next,
        },
      };
    }
    if (result.data.system_id === PLACEHOLDER) {
      return { check: { name, state: 'bad', detail: 'the secret still has its placeholder', next } };
    }
    return {
      check: { name, state: 'good', detail: 'the secret has a system id and a password' },
      credentials: result.data,
    };
  } catch (error) {
    return { check: failedCheck(name, error) };
  }
}
