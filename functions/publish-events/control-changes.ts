import { createHash } from 'node:crypto';
import type { DynamoDBRecord } from 'aws-lambda';
import { presentAccountEvent, type TypedAccountEvent } from '../../shared/contracts/account-event.ts';
import { presentOptOutEvent, type TypedOptOutEvent } from '../../shared/contracts/opt-out-event.ts';
import type { AccountHistory } from '../../shared/domain/account-event.ts';
import { changesOf, type StoredOptOut } from '../../shared/domain/opt-out.ts';
import { firstUlidAt } from '../../shared/domain/ulid.ts';
import { fromStreamImage } from '../../shared/store/stream-image.ts';
import { PoisonRecord } from '../middleware/batch.ts';

type Item = Record<string, unknown>;

interface Images {
  before: Item | undefined;
  after: Item | undefined;
}

export interface Surroundings {
  stage: string;
  /** Whether an account serves test keys. */
  isTest: (account: string) => boolean;
}

/** Whether a record is of the Control table: no other has these keys. */
export function isOfControl({ dynamodb }: DynamoDBRecord): boolean {
  return (dynamodb?.NewImage ?? dynamodb?.OldImage)?.['pk'] !== undefined;
}

/**
 * The events of one write to the Control table. They depend on the record alone, so that one which comes again gives the same
 * events with the same ids (promise P8).
 * @throws PoisonRecord where the item tells of nothing that is known here
 */
export function controlEventsOf(
  record: DynamoDBRecord,
  surroundings: Surroundings,
): (TypedAccountEvent | TypedOptOutEvent)[] {
  const { NewImage, OldImage, ApproximateCreationDateTime: seconds = 0 } = record.dynamodb ?? {};
  const before = OldImage && fromStreamImage(OldImage);
  const after = NewImage && fromStreamImage(NewImage);
  const kind = String((after ?? before)?.['pk']).split('#', 1)[0];
  if (kind === 'event') return accountEventsOf({ before, after }, surroundings);
  // What expires ends nobody's wish; nothing gives an opt-out an end, and nothing should.
  if (kind === 'optout') return optOutEventsOf({ before, after }, { removedAt: seconds * 1_000, ...surroundings });
  throw new PoisonRecord('an item of the Control table of which nothing is published');
}

/** Entries of a history that the old image lacks. A history that is gone has expired. */
function accountEventsOf({ before, after }: Images, { stage, isTest }: Surroundings): TypedAccountEvent[] {
  if (after === undefined) return [];
  const history = historyOf(after);
  const published = before === undefined ? 0 : historyOf(before).sequence;
  const added = history.entries.filter(({ sequence }) => sequence > published);
  return added.map((entry) => presentAccountEvent(history, entry, { stage, test: isTest(history.account) }));
}

/** One that begins or becomes wider is told of, and one that ends; asked for again, it is the same as it was. */
function optOutEventsOf(
  { before, after }: Images,
  { stage, isTest, removedAt }: Surroundings & { removedAt: number },
): TypedOptOutEvent[] {
  const known = before && optOutOf(before);
  const optOut = after && optOutOf(after);
  if (optOut === undefined) {
    if (known === undefined) return [];
    const sequence = changesOf(known) + 1;
    // The stream knows whole seconds only, and nothing ends before it was asked for.
    const at = Math.max(removedAt, known.updatedAt);
    const change = { type: 'optout.removed', optOut: known, sequence, at } as const;
    return [presentOptOutEvent(change, { stage, test: isTest(known.account) })];
  }
  if (known?.optOutId === optOut.optOutId && known.scope === optOut.scope) return [];
  const change = { type: 'optout.added', optOut, sequence: changesOf(optOut), at: optOut.updatedAt } as const;
  return [presentOptOutEvent(change, { stage, test: isTest(optOut.account) })];
}

function historyOf(item: Item): AccountHistory {
  if (typeof item['account'] === 'string' && Number.isInteger(item['sequence']) && Array.isArray(item['entries'])) {
    return item as unknown as AccountHistory;
  }
  throw new PoisonRecord('an item of the Control table is no history');
}

function optOutOf(item: Item): StoredOptOut {
  const { optOutId, account, number, createdAt } = item;
  if (typeof optOutId === 'string') return item as unknown as StoredOptOut;
  if (typeof account === 'string' && typeof number === 'string' && typeof createdAt === 'number') {
    return { ...(item as unknown as StoredOptOut), optOutId: earlyId({ account, number, createdAt }) };
  }
  throw new PoisonRecord('an item of the Control table is no opt-out');
}

/** Opt-outs that are older than events are have no id: theirs is the same whenever it is asked for. */
function earlyId({ account, number, createdAt }: Pick<StoredOptOut, 'account' | 'number' | 'createdAt'>): string {
  const rest = createHash('sha256').update(`${account} ${number}`).digest('hex').slice(0, 16).toUpperCase();
  return `oo_${firstUlidAt(createdAt).slice(0, -rest.length)}${rest}`;
}
