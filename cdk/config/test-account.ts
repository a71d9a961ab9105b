import { type Account, accountSchema } from '../../shared/config/account.ts';
import { type DeployedAccount, TEST_ACCOUNT } from './schema.ts';

/**
 * The account that serves test keys: what is accepted, and how fast it goes, is as on the deployment's first account. It
 * differs in what belongs to an operator: the address, the credentials, the package's limits, the meaning of his answers.
 */
export function testAccountOf(first: DeployedAccount): Account {
  const { tls: _tls, segmentsPerDay: _day, segmentsPerMonth: _month, statuses: _statuses, ...likeTheFirst } = first;
  return accountSchema.parse({
    ...likeTheFirst,
    name: TEST_ACCOUNT,
    simulated: true,
    // Any free port: several binders may run on one machine, and a session does not leave its process.
    url: 'smpp://127.0.0.1:0',
    bindType: 'transceiver',
    // Whoever tests an unanswered submit should not wait a minute for it.
    timers: { submitAnswerMs: 5_000, enquireLinkAnswerMs: 2_000 },
    statuses: {
      // 0x400 is the message centre's word for a number whose messages are to end in the queue: they wait there, and the
      // sweep finds them overdue. Once an hour is seldom enough for never to be taken for poison.
      words: { '0x400': 'Kept in the queue' },
      submit: { '0x400': { action: 'requeue', delaySeconds: 3_600 } },
    },
    // Who tests a refused number fifty times in a row means it.
    refusals: { numbersInFifty: 50 },
  });
}
