import type { ApiKey } from '../../shared/domain/api-key.ts';
import { accountsInReach } from '../../shared/domain/reach.ts';
import { fieldRefusal, Refusal } from './refusal.ts';

/**
 * The account that a request is about: the one it names, or else the one through which the key sends.
 * @throws Refusal where the key does not reach it
 */
export function accountOf<A extends { name: string; simulated?: true | undefined }>(
  asked: string | undefined,
  caller: ApiKey,
  accounts: readonly A[],
): A {
  const reached = accountsInReach(caller, accounts);
  const account = asked === undefined ? reached[0] : reached.find(({ name }) => name === asked);
  if (account !== undefined) return account;
  if (asked === undefined) {
    throw new Refusal({
      code: 'account_not_allowed',
      detail: 'the account of this key is not part of this deployment',
    });
  }
  throw fieldRefusal('/account', 'unknown_account', 'this key reaches no account of this name');
}
