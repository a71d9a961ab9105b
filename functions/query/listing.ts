import type { ApiKey } from '../../shared/domain/api-key.ts';
import { accountsInReach } from '../../shared/domain/reach.ts';

/** What every list with pages needs. */
export interface ListingDependencies {
  /** The secret that signs cursors. */
  cursorKey: () => Promise<string>;
  accounts: readonly { name: string; simulated?: true | undefined }[];
}

/** The accounts, by name, of which a list shows something: those in reach of the key, or of them the one that is asked for. */
export function accountsSeen(
  caller: ApiKey,
  accounts: ListingDependencies['accounts'],
  asked: string | undefined,
): string[] {
  return accountsInReach(caller, accounts)
    .map(({ name }) => name)
    .filter((name) => (asked ?? name) === name);
}
