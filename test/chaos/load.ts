import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '../../binder/simulator/random.ts';
import type { ApiClient } from '../e2e/api-client.ts';
import type { SentRequest } from './evidence.ts';
import { type ChaosMessage, messageOf, type Verdict } from './traffic.ts';

const ACCEPTED = 202;

/** A customer's program that sends at a rate, whatever comes back, and asks for nothing twice. */
export class Load {
  readonly requests: SentRequest[] = [];
  readonly #verdicts = new Map<string, Verdict>();
  readonly #random: () => number;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #serial = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** What the operator is to do about a number. */
  verdictOf(to: string): Verdict | undefined {
    return this.#verdicts.get(to);
  }

  get accepted(): number {
    return this.requests.filter(({ messageId }) => messageId !== undefined).length;
  }

  start(client: ApiClient, messagesPerSecond: number): void {
    this.#running = this.#run(client, 1_000 / messagesPerSecond);
  }

  /** Sends no more. Resolves when every request is answered. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#underWay);
  }

  async #run(client: ApiClient, gapMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const message = messageOf(this.#serial, this.#random);
      this.#serial += 1;
      this.#verdicts.set(message.to, message.verdict);
      const sending = this.#send(client, message).finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
      // Half to one and a half of the gap: arrivals of customers are not even.
      await delay(gapMs * (0.5 + this.#random()), undefined, { signal }).catch(() => undefined);
    }
  }

  async #send(client: ApiClient, message: ChaosMessage): Promise<void> {
    const { to, from, text, lane } = message;
    try {
      const { status, body } = await client.post('/v1/messages', JSON.stringify({ to, from, text, lane }));
      const messageId = status === ACCEPTED ? (body as { id: string }).id : undefined;
      this.requests.push({ message, status, ...(messageId === undefined ? {} : { messageId }) });
    } catch {
      this.requests.push({ message, status: 0 });
    }
  }
}
