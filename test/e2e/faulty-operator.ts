import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import type { Receipt } from '../../binder/simulator/receipt.ts';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';

export const SYSTEM = { systemId: 'bindery', password: 'secret12' };
export const DELIVERED = '+639171110001';
export const REFUSED = '+639171110006';
/** Refused for the rate when it comes first. */
export const THROTTLED_ONCE = '+639171110058';
export const UNANSWERED = '+639171110017';

const isTo = (number: string, destination: string): boolean => destination.endsWith(number.slice(-4));

/** A message centre whose faults begin and end when a test wants it. */
export class FaultyOperator {
  /** Asks for a pause, whatever it is sent. */
  throttles = false;
  /** Answers no submit. */
  isSilent = false;
  #keptReceipts: Receipt[] | undefined;
  #simulator: Simulator | undefined;
  #port = 0;
  #hasThrottled = false;

  get url(): string {
    return `smpp://127.0.0.1:${this.#port}`;
  }

  /** Listens, on the port that it had before. */
  async start(): Promise<void> {
    this.#simulator = await startSimulator({
      port: this.#port,
      systems: [{ ...SYSTEM, submitsPerSecond: 100 }],
      receiptDelayMs: 100,
      behaviours: [this.#behaviour()],
      decide: ({ destination }) => ({ status: this.#statusFor(destination) }),
    });
    this.#port = this.#simulator.port;
  }

  /** Cuts every connection and takes no other. */
  async stop(): Promise<void> {
    await this.#simulator?.close();
  }

  keepReceipts(): void {
    this.#keptReceipts = [];
  }

  /** From now on, and those that were kept. */
  sendReceipts(): void {
    const kept = this.#keptReceipts ?? [];
    this.#keptReceipts = undefined;
    for (const receipt of kept) this.#simulator?.sendReceipt(receipt);
  }

  /** The first part of three. */
  sendFirstPart(): void {
    const long = { from: '09179990001', to: '2158', text: 'A long message. '.repeat(20) };
    this.#simulator?.sendInbound(SYSTEM.systemId, long, [1]);
  }

  #statusFor(destination: string): number {
    if (isTo(REFUSED, destination)) return 0x0b;
    if (!this.throttles && (this.#hasThrottled || !isTo(THROTTLED_ONCE, destination))) return 0;
    this.#hasThrottled = true;
    return 0x58;
  }

  #behaviour(): Behaviour {
    return {
      received: (_link, pdu, next) => {
        if (pdu.command === 'submit_sm' && (this.isSilent || isTo(UNANSWERED, pdu.destination.address))) return;
        next(pdu);
      },
      receipts: (receipt) => {
        this.#keptReceipts?.push(receipt);
        return this.#keptReceipts === undefined ? [receipt] : [];
      },
    };
  }
}
