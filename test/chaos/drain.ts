import { setTimeout as delay } from 'node:timers/promises';
import { isFinal, type Message } from '../../shared/domain/message.ts';
import type { BusRecord } from '../e2e/bus-record.ts';
import { areComplete } from './judges/events.ts';
import type { ChaosOperator } from './operator.ts';
import type { Stored } from './stored.ts';

const LOOK_EVERY_MS = 1_000;
/** After the last submit: longer than the operator's receipts take. */
const QUIET_MS = 3_000;

export interface DrainOptions {
  stored: Stored;
  operator: ChaosOperator;
  bus: BusRecord;
  timeoutMs: number;
  /** Whether to wait for messages that stand in no lane until the sweep has found them, which takes up to three minutes. */
  untilSwept: boolean;
  /** Told at each look what is still waited for. */
  onLook: (waitingFor: string) => void;
}

/** Waits until nothing is under way any more. Resolves to what was still waited for when the time was over, or undefined. */
export async function drain(options: DrainOptions): Promise<string | undefined> {
  const deadlineMs = performance.now() + options.timeoutMs;
  for (;;) {
    const waitingFor = await look(options);
    if (waitingFor === undefined) return undefined;
    options.onLook(waitingFor);
    if (performance.now() > deadlineMs) return waitingFor;
    await delay(LOOK_EVERY_MS);
  }
}

/** The cheap questions first. */
async function look({ stored, operator, bus, untilSwept }: DrainOptions): Promise<string | undefined> {
  const inLanes = await stored.inLanes();
  if (inLanes > 0) return `${inLanes} messages in the lanes`;
  const { simulator } = operator;
  if (simulator.undelivered > 0) return `${simulator.undelivered} receipts at the operator`;
  const lastMs = simulator.submits.at(-1)?.atMs;
  if (lastMs !== undefined && performance.now() - lastMs < QUIET_MS) return 'the last receipts';
  const messages = await stored.messages();
  const open = messages.filter((message) => isOpen(message, untilSwept));
  if (open.length > 0) return `${open.length} messages, the first ${open[0]?.messageId} is ${open[0]?.status}`;
  return areComplete({ messages, bus: bus.events }) ? undefined : 'the last events';
}

/** What is sent waits for its receipt, and whether that came is for the judges. */
function isOpen({ status, dueAt }: Message, untilSwept: boolean): boolean {
  if (isFinal(status) || status === 'sent') return false;
  return untilSwept || dueAt === undefined || dueAt <= Date.now();
}
