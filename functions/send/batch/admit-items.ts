import { isoTime } from '../../../shared/contracts/message.ts';
import { itemMessageId } from '../../../shared/domain/batch.ts';
import type { Period } from '../../../shared/domain/period.ts';
import type { Sender } from '../accept.ts';
import { type ChargeDependencies, type Charged, countSegments, type LimitLeft } from '../charge.ts';
import { type OptOutDependencies, optOutFaults } from '../opt-outs.ts';
import { type ItemReading, type RefusedItem, refuseItem, type SendableItem } from './read-items.ts';

/** Others may use up what was left a moment ago; after so many tries the rest is refused. */
const MOST_TRIES = 4;

export interface AdmittedItems {
  /** In the order of the items. */
  readings: ItemReading[];
  /** What the sendable ones count as, all together; undefined where there is none. */
  countedIn?: Period;
}

/** Refuses the items whose recipients have opted out. */
export async function refuseOptedOut(
  readings: readonly ItemReading[],
  account: string,
  dependencies: OptOutDependencies,
): Promise<ItemReading[]> {
  const sendable = readings.filter(isSendable);
  const recipients = sendable.map(({ meaning, request }) => ({ to: meaning.to, lane: request.lane }));
  const faults = await optOutFaults(recipients, account, dependencies);
  const refused = new Map(
    sendable.flatMap((item, place) => {
      const fault = faults[place];
      return fault === undefined ? [] : [[item.index, refuse(item, fault)]];
    }),
  );
  return readings.map((reading) => refused.get(reading.index) ?? reading);
}

/**
 * Counts the segments of all items by one write, under the message of the first. Where they do not all fit into a limit, as
 * many as do, from the first on, and the others are refused.
 */
export async function chargeItems(
  readings: readonly ItemReading[],
  { batchId, sender, now }: { batchId: string; sender: Sender; now: number },
  dependencies: ChargeDependencies,
): Promise<AdmittedItems> {
  let fitting = readings.filter(isSendable);
  let refusing: LimitLeft | undefined;
  const refused = new Map<number, RefusedItem>();
  const admitted = () => readings.map((reading) => refused.get(reading.index) ?? reading);
  for (let tries = 1; ; tries += 1) {
    const [first] = fitting;
    if (first === undefined) return { readings: admitted() };
    const { caller, account } = sender;
    const messageId = itemMessageId(batchId, first.index);
    const toCharge = { caller, account, messageId, segments: segmentsOf(fitting), now };
    const charged = await countSegments(toCharge, dependencies);
    const kept = charged.kind === 'charged' || tries === MOST_TRIES ? [] : firstThatFit(fitting, charged.left);
    // While some may still fit, how much of the limit will be used is not known.
    if (kept.length === 0) await dependencies.quotas.saw(toCharge, charged, refusing);
    if (charged.kind === 'charged') return { readings: admitted(), countedIn: charged.period };
    refusing = charged;
    for (const item of fitting.slice(kept.length)) refused.set(item.index, overQuota(item, charged));
    fitting = kept;
  }
}

/** What of a batch is refused that is not counted any more, because an earlier run of its request counted without it. */
export function leftOut(item: SendableItem): RefusedItem {
  return refuse(item, { pointer: '', code: 'quota_exceeded', detail: 'the limit of segments did not leave enough' });
}

export function isSendable(reading: ItemReading): reading is SendableItem {
  return reading.kind === 'sendable';
}

export function segmentsOf(items: readonly SendableItem[]): number {
  return items.reduce((sum, { meaning }) => sum + meaning.segmentCount, 0);
}

function firstThatFit(items: readonly SendableItem[], room: number): SendableItem[] {
  let left = room;
  const over = items.findIndex(({ meaning }) => {
    left -= meaning.segmentCount;
    return left < 0;
  });
  // Not even these may be what was asked for at first, or it would be asked for once more.
  return items.slice(0, over < 0 ? items.length - 1 : over);
}

function overQuota(
  item: SendableItem,
  { whose, window, limit, resetsAt }: Extract<Charged, { kind: 'exhausted' }>,
): RefusedItem {
  const owner = whose === 'key' ? 'this key' : 'the account';
  const detail = `${owner} may send ${limit} segments a ${window}, and the items before this one use them up; it begins anew at ${isoTime(resetsAt)}`;
  return refuse(item, { pointer: '', code: 'quota_exceeded', detail });
}

function refuse(item: SendableItem, fault: Parameters<typeof refuseItem>[2][number] & { code: RefusedItem['code'] }) {
  return refuseItem({ index: item.index, clientRef: item.request.client_ref }, fault.code, [fault]);
}
