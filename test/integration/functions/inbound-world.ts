import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import { inboundWork } from '../../../functions/apply-receipts/inbound-work.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import { publishChanges } from '../../../functions/publish-events/publish.ts';
import { sweepInbound } from '../../../functions/sweep/sweep-inbound.ts';
import { keywordsSchema } from '../../../shared/config/keywords.ts';
import { firstInboundIdAt, type InboundMessage, type InboundPart } from '../../../shared/domain/inbound-message.ts';
import { KeywordStore } from '../../../shared/store/control-keywords.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { InboundStore } from '../../../shared/store/inbound.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { inboundMessage, inboundPart } from '../../fixtures/inbound.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import type { TestDatabase } from './database.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

export const PARTS_SECONDS = 600;

let number = 0;

type Item = Record<string, unknown>;

/** An account of its own for each test, the functions that work on what comes in, and the sweep. */
export function inboundWorld(database: TestDatabase, keywords: unknown = {}) {
  number += 1;
  const account = `account-${number}`;
  const clock = { now: CREATED_AT };
  const now = () => clock.now;
  const log = quietLog();
  const { document } = database;
  const receipts = new ReceiptStore(document, 'Receipts');
  const inbound = new InboundStore(document, 'Receipts');
  const messages = new MessageStore(document, 'Messages');
  const optOuts = new OptOutStore(document, 'Control');
  const parked = new ParkedList();
  const queued: string[] = [];
  const read = { name: account, messageIds: 'match_any', inboundPartsSeconds: PARTS_SECONDS } as const;
  const handler = applyReceiptsHandler({
    messages,
    receipts,
    matchings: new Matchings({ receipts, configured: () => 'match_any', now }),
    inbound: inboundWork({
      messages,
      inbound,
      keywords: new KeywordStore(document, 'Control'),
      optOuts,
      lanes: { send: async ({ messageId }) => void (await Promise.resolve(queued.push(messageId))) },
      account: (name) => (name === account ? { ...read, keywords: keywordsSchema.parse(keywords) } : undefined),
      log,
      now,
    }),
    tellUnheardOf: () => undefined,
    parked,
    log,
    now,
  });
  const rows = async (): Promise<Item[]> =>
    (await database.items('Receipts')).filter((row) => row['account'] === account);
  const nameOf = (row: Item) => `${String(row['key'])} ${String(row['row'])}`;
  const seen = new Set<string>();
  const published: { type: string; detail: { metadata: { event_id: string } } }[] = [];
  const publishing = {
    bus: {
      put: async (events: readonly (typeof published)[number][]) => {
        await Promise.resolve();
        published.push(...events);
        return [];
      },
    },
    webhooks: { send: async () => await Promise.resolve([]) },
    endpoints: async () => await Promise.resolve([]),
    messages,
    usage: new UsageStore(document, 'Control'),
    stage: 'ci',
    isTest: () => false,
    parked,
    outcomes: { add: async () => await Promise.resolve() },
    log,
    now,
    sleep: async () => await Promise.resolve(),
  };
  const apply = async (some: readonly Item[]) =>
    await handler(streamEvent(...some.map((row, index) => streamRecord(String(index), row))));
  /** Rows that were not seen before, as the streams bring them: new ones to both functions. */
  const step = async (): Promise<boolean> => {
    const fresh = (await rows()).filter((row) => !seen.has(nameOf(row)));
    for (const row of fresh) seen.add(nameOf(row));
    const done = fresh.filter(({ kind }) => kind === 'inbound');
    const results = [
      await apply(fresh),
      await publishChanges(
        done.map((row, index) => streamRecord(String(index), row)),
        publishing,
      ),
    ];
    if (results.some(({ batchItemFailures }) => batchItemFailures.length > 0)) throw new Error('a record failed');
    return fresh.length > 0;
  };
  return {
    account,
    clock,
    inbound,
    messages,
    optOuts,
    queued,
    published,
    log,
    rows,
    handler,
    apply,
    /** Stores a message that came in one piece, a second after what came before. */
    said: async (text: string, different: Partial<InboundMessage> = {}): Promise<InboundMessage> => {
      clock.now += 1_000;
      const messageId = firstInboundIdAt(clock.now);
      const message = inboundMessage({ messageId, account, at: clock.now, ...different }, { raw: Buffer.from(text) });
      await receipts.putInbound(message);
      return message;
    },
    /** Stores a part, a second after what came before. */
    arrived: async (different: Partial<InboundPart>): Promise<InboundPart> => {
      clock.now += 1_000;
      const part = inboundPart({ account, at: clock.now, ...different });
      await receipts.putInbound(part);
      return part;
    },
    /** Follows the streams until nothing new is in them. */
    follow: async () => {
      while (await step());
    },
    sweep: async () =>
      await sweepInbound({ name: account, inboundPartsSeconds: PARTS_SECONDS }, Number.MAX_SAFE_INTEGER, {
        inbound,
        log,
        now,
      }),
    listed: async () => {
      const range = { from: firstInboundIdAt(0), before: firstInboundIdAt(Number.MAX_SAFE_INTEGER) };
      const [done, waiting] = [[], []] as [InboundMessage[], unknown[]];
      for await (const message of inbound.newestFirst(account, range, 100)) done.push(message);
      for await (const message of inbound.waitingNewestFirst(account, range, 100)) waiting.push(message);
      return { done, waiting };
    },
  };
}
