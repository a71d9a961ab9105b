import { CarrierAccount } from '../../../binder/carrier-account.ts';
import { systemClock } from '../../../binder/session/clock.ts';
import { type Account, accountSchema } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { until } from '../../e2e/until.ts';
import { quietLog } from '../../fixtures/log.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { messageOf, type Outgoing } from '../../integration/misbehaviour/outgoing.ts';
import type { Stores } from '../../integration/misbehaviour/stores.ts';

const DELIVERED_WITHIN_MS = 15_000;

/** The binder, with everything real between its queues and the wire, and what it was given to send. */
export class Binder {
  readonly sent: readonly Message[];
  readonly #account: CarrierAccount;
  readonly #stores: Stores;

  private constructor(account: Account, stores: Stores, sent: readonly Message[]) {
    this.sent = sent;
    this.#stores = stores;
    this.#account = new CarrierAccount(account, 'interop', stores.leases, {
      ...stores,
      credentials: () => Promise.resolve({ system_id: 'bindery', password: 'secret12' }),
      clock: systemClock,
      wallClock: Date.now,
      random: Math.random,
      timeScale: 0.2,
      log: quietLog(),
    });
  }

  /** Begins with messages in its lanes. */
  static async start(
    stores: Stores,
    { port, bindType }: { port: number; bindType: 'transceiver' | 'transmitter+receiver' },
    outgoing: readonly Outgoing[],
  ): Promise<Binder> {
    const account = accountSchema.parse({
      ...accountInput,
      name: bindType.replace('+', '-'),
      url: `smpp://127.0.0.1:${port}`,
      bindType,
      systemType: 'VMA',
      timers: { enquireLinkMs: 500, enquireLinkAnswerMs: 3_000 },
    });
    await stores.makeLanes(account.name);
    const sent = outgoing.map((each) => messageOf(each, account.name));
    for (const message of sent) {
      await stores.messages.create(message);
      await stores.lanes.send({ ...message, account: account.name });
    }
    const binder = new Binder(account, stores, sent);
    binder.#account.start();
    return binder;
  }

  /** Waits until receipts have made every message delivered. */
  async delivered(): Promise<Message[]> {
    return until('every receipt to be applied', DELIVERED_WITHIN_MS, () => {
      const latest = this.sent.flatMap(({ messageId }) => this.#stores.latest.get(messageId) ?? []);
      return latest.filter(({ status }) => status === 'delivered').length === this.sent.length && latest;
    });
  }

  get isBound(): boolean {
    return this.#account.snapshot().link?.state === 'bound';
  }

  async stop(): Promise<void> {
    await this.#account.stop();
  }
}
