// Many accounts in one process: a real term of office for each, with its link, gate, lanes and stores. Tables and queues are in
// memory and answer after a few milliseconds, so that what is measured is the binder and not this machine's DynamoDB.
import { Tally } from '../../../binder/metrics/tally.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import { Term, type TermContext } from '../../../binder/term.ts';
import type { Account, Lane } from '../../../shared/config/account.ts';
import { HistoryStore } from '../../../shared/store/control-histories.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { benchAccount } from '../stage/account.ts';
import { MemoryQueues } from '../stage/memory-queues.ts';
import { MemoryTables } from '../stage/memory-tables.ts';
import { PASSWORD } from '../stage/operator.ts';
import { serve } from '../stage/remote.ts';
import { recipient, SAMPLE } from '../stage/sample.ts';

const HOUR_MS = 3_600_000;
const LANE: Lane = 'transactional';

const tables = new MemoryTables();
const queues = new MemoryQueues();
const queueUrl = (account: string, lane: Lane): string => `${account}/${lane}`;
let terms: Term[] = [];

function fill(account: string, count: number): void {
  const now = Date.now();
  const times = { createdAt: now, queuedAt: now, statusAt: now, expiresAt: now + HOUR_MS, dueAt: now + HOUR_MS };
  for (let n = 0; n < count; n += 1) {
    const messageId = `msg_${account}-${n}`;
    const to = `+63${recipient(n).slice(1)}`;
    tables.add(queuedMessage({ messageId, account, lane: LANE, to, from: SAMPLE.from, text: SAMPLE.text, ...times }));
    queues.add(queueUrl(account, LANE), messageId);
  }
}

function contextFor(account: Account): TermContext {
  return {
    messages: new MessageStore(tables.client, 'messages'),
    receipts: new ReceiptStore(tables.client, 'receipts'),
    histories: new HistoryStore(tables.client, 'control'),
    optOuts: new OptOutStore(tables.client, 'control'),
    sqs: queues.client,
    queueUrl,
    credentials: () => Promise.resolve({ system_id: account.name, password: PASSWORD }),
    clock: systemClock,
    wallClock: Date.now,
    random: Math.random,
    log: quietLog(),
    tally: new Tally(),
  };
}

const requests = {
  /** Makes a term for each account, the account's name its system id, with so many messages waiting for it. */
  prepare: ({ url, names, messagesEach }: { url: string; names: readonly string[]; messagesEach: number }): void => {
    terms = names.map((name) => {
      const account = benchAccount({ name, url });
      fill(name, messagesEach);
      const lease = { fence: 1, owner: 'bench', previousSubmitAtMs: undefined, mayLead: () => true };
      return new Term(account, lease, contextFor(account));
    });
  },
  start: (): void => {
    for (const term of terms) term.start();
  },
  stop: async (): Promise<void> => {
    await Promise.all(terms.map((term) => term.handOver()));
    await Promise.all(terms.map((term) => term.stop()));
  },
};
export type AccountsRequests = typeof requests;
serve(requests);
