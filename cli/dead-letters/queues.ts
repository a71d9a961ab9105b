import { LANES } from '../../shared/config/account.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import { deadLetterUrl } from '../../shared/queue/lanes.ts';
import { credentialsSecrets, otherDeadLetters, output } from '../stack/outputs.ts';
import type { Stack } from '../stack/stack.ts';

/** A queue in which lies what could not be processed. */
export interface DeadLetterQueue {
  /** `smpp-asia/otp` of a lane, else what it is for. */
  name: string;
  url: string;
  /** Where its messages came from and can be put again; absent where no queue brings them. */
  sourceUrl?: string;
  /** The bus of which its messages are events. Without either they are changes of a table. */
  eventBus?: string;
}

/** The account that serves test keys, where the configuration has test mode. */
const TEST_ACCOUNT = 'test';

/** Every queue of the stack that nobody reads. One of an account that is not deployed does not exist. */
export function deadLetterQueues(stack: Pick<Stack, 'name' | 'outputs'>): DeadLetterQueue[] {
  const pattern = output(stack, 'LaneQueueUrl');
  const accounts = [...credentialsSecrets(stack).keys(), TEST_ACCOUNT];
  const lanes = accounts.flatMap((account) =>
    LANES.map((lane) => {
      const sourceUrl = laneQueueUrl(pattern, account, lane);
      return { name: `${account}/${lane}`, url: deadLetterUrl(sourceUrl), sourceUrl };
    }),
  );
  return [...lanes, ...otherDeadLetters(stack)];
}
