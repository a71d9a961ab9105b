import { setTimeout as delay } from 'node:timers/promises';
import { LANES } from '../../shared/config/account.ts';
import type { ApiMessage } from '../../shared/contracts/message.ts';
import type { AcceptedMessage, MessageFixture, RefusedMessage } from '../fixtures/messages.ts';
import type { ApiClient, SendAnswer } from './api-client.ts';
import { inParallel } from './in-parallel.ts';

const REQUESTS_AT_A_TIME = 8;
/** Messages asked for in one round: several seconds of the operator's rate. */
const ASKED_AT_A_TIME = 40;
const ROUND_MS = 500;

export interface Sent {
  fixture: MessageFixture;
  answer: SendAnswer;
}

export interface Entry {
  fixture: AcceptedMessage;
  /** As it was in the 202. */
  accepted: ApiMessage;
  /** As it was when it had become final. */
  final?: ApiMessage;
}

/** What was sent through a stack, and what became of it. */
export class Ledger {
  readonly sent: Sent[] = [];
  /** Fixtures that should be accepted and were, by message id. */
  readonly entries = new Map<string, Entry>();

  async send(client: ApiClient, fixtures: readonly MessageFixture[], onAnswer?: (sent: Sent) => void): Promise<void> {
    await inParallel(fixtures, REQUESTS_AT_A_TIME, async (fixture) => {
      const answer = await client.send(fixture);
      const sent = { fixture, answer };
      this.sent.push(sent);
      if (answer.kind === 'accepted' && isAcceptable(fixture)) {
        this.entries.set(answer.message.id, { fixture, accepted: answer.message });
      }
      onAnswer?.(sent);
    });
  }

  get all(): Entry[] {
    return [...this.entries.values()];
  }

  get waiting(): Entry[] {
    return this.all.filter(({ final }) => final === undefined);
  }

  get finals(): ApiMessage[] {
    return this.all.flatMap(({ final }) => final ?? []);
  }

  /** Asks for what is not final yet, in the order in which it should become so, until nothing is left. */
  async untilFinal(
    client: ApiClient,
    { timeoutMs, onFinal }: { timeoutMs: number; onFinal?: (entry: Entry) => void },
  ): Promise<void> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const next = this.waiting.sort((a, b) => urgency(a) - urgency(b)).slice(0, ASKED_AT_A_TIME);
      await inParallel(next, REQUESTS_AT_A_TIME, async (entry) => {
        const message = await client.message(entry.accepted.id);
        if (!message.is_final) return;
        entry.final = message;
        onFinal?.(entry);
      });
      const { waiting } = this;
      if (waiting.length === 0) return;
      if (performance.now() > deadlineMs) throw new NotFinalError(waiting, timeoutMs);
      await delay(ROUND_MS);
    }
  }
}

class NotFinalError extends Error {
  constructor(waiting: readonly Entry[], timeoutMs: number) {
    const ids = waiting.slice(0, 5).map(({ accepted }) => accepted.id);
    super(`after ${timeoutMs / 1000} s ${waiting.length} messages are not final: ${ids.join(', ')}`);
  }
}

function isAcceptable(fixture: MessageFixture): fixture is AcceptedMessage {
  return fixture.expect.accepted;
}

export function isRefusable(fixture: MessageFixture): fixture is RefusedMessage {
  return !fixture.expect.accepted;
}

function urgency({ fixture }: Entry): number {
  return LANES.indexOf(fixture.lane);
}
