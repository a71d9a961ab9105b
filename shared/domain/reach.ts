import type { ApiKey } from './api-key.ts';

type Reaching = Pick<ApiKey, 'account' | 'test'>;

/** The accounts of a deployment that a key reaches: a test key those for tests and no other, a live key never those. */
export function accountsInReach<A extends { name: string; simulated?: true | undefined }>(
  key: Reaching,
  accounts: readonly A[],
): A[] {
  return accounts.filter(
    ({ name, simulated }) => (simulated === true) === key.test && (key.account === undefined || key.account === name),
  );
}

/** Whether a key may know of something that belongs to an account. */
export function reaches(key: Reaching, { account, test }: { account: string; test: boolean }): boolean {
  return key.test === test && (key.account === undefined || key.account === account);
}

/** Whether a key may see, make, rotate and revoke another: one that belongs to an account only those of the same account. */
export function mayManage(key: Pick<ApiKey, 'account'>, other: Pick<ApiKey, 'account'>): boolean {
  return key.account === undefined || key.account === other.account;
}
