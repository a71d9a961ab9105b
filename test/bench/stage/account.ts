import { profiles } from '../../../cdk/config/profiles.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';

/** The shipped operator's account, with whatever a bench wants different. */
export function benchAccount(different: Partial<Account>): Account {
  return accountSchema.parse({ ...profiles['smpp-asia'], name: 'bench', ...different });
}
