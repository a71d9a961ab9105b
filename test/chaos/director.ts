import { setTimeout as delay } from 'node:timers/promises';
import type { CallFault, CallFaultKind } from '../misbehaviours/aws.ts';
import type { Chronicle } from './chronicle.ts';
import { FAULTS, type FaultName, type FaultOf, trackOf } from './faults.ts';
import type { ChaosOperator } from './operator.ts';
import { OPERATOR_FAULTS } from './operator-faults.ts';
import type { Act } from './schedule.ts';
import type { ChaosStack } from './stack.ts';

const CALL_FAULTS: Readonly<Record<FaultOf<'aws'>, CallFaultKind>> = {
  'aws-5xx': '5xx',
  'aws-throttling': 'throttling',
  'aws-reset': 'reset',
  'aws-hang': 'hang',
  'aws-slow': 'slow',
  'aws-lost-answer': 'lost_answer',
};
const CALLERS = ['binder', 'functions', 'all'] as const;

/** Plays a schedule on a stack and its operator. */
export class Director {
  readonly #stack: ChaosStack;
  readonly #operator: ChaosOperator;
  readonly #chronicle: Chronicle;
  /** Faults that last at the moment, with how they end. */
  readonly #lasting = new Map<FaultName, () => void>();
  readonly #callFaults = new Map<FaultName, CallFault>();

  constructor(options: { stack: ChaosStack; operator: ChaosOperator; chronicle: Chronicle }) {
    this.#stack = options.stack;
    this.#operator = options.operator;
    this.#chronicle = options.chronicle;
  }

  /** Names of the faults that last at the moment. */
  get lasting(): FaultName[] {
    return [...this.#lasting.keys()];
  }

  /** Resolves after `durationMs`, when every fault is over. */
  async perform(schedule: readonly Act[], durationMs: number): Promise<void> {
    const endings: Promise<void>[] = [];
    for (const act of schedule) {
      await delay(Math.max(0, act.atMs - this.#chronicle.nowMs));
      endings.push(this.#play(act));
    }
    await Promise.all(endings);
    await delay(Math.max(0, durationMs - this.#chronicle.nowMs));
  }

  /** Ends what lasts. */
  stop(): void {
    for (const fault of this.lasting) this.#end(fault);
  }

  async #play(act: Act): Promise<void> {
    const { fault, durationMs, strength } = act;
    const lasts = durationMs > 0 ? ` for ${(durationMs / 1000).toFixed(1)} s` : '';
    this.#chronicle.note(`> ${fault}: ${FAULTS[fault].says}${lasts}, strength ${strength.toFixed(2)}`);
    // The pack is dealt so that one fault rarely meets itself; where it does, the later one takes its place.
    this.#end(fault);
    const end = this.#begin(act);
    if (durationMs === 0) return;
    this.#lasting.set(fault, end);
    await delay(durationMs);
    if (this.#lasting.get(fault) === end) this.#end(fault);
  }

  #end(fault: FaultName): void {
    const end = this.#lasting.get(fault);
    if (end === undefined) return;
    this.#lasting.delete(fault);
    end();
    this.#chronicle.note(`< ${fault}`);
  }

  #begin({ fault, strength }: Act): () => void {
    switch (trackOf(fault)) {
      case 'binder':
        this.#strikeBinder(fault as FaultOf<'binder'>, strength);
        return () => undefined;
      case 'operator':
      case 'receipts':
        return OPERATOR_FAULTS[fault as FaultOf<'operator' | 'receipts'>](this.#operator, strength);
      case 'aws':
        return this.#failCalls(fault as FaultOf<'aws'>, strength);
    }
  }

  #strikeBinder(fault: FaultOf<'binder'>, strength: number): void {
    if (fault === 'replace') this.#stack.replaceBinder();
    else this.#stack.signalTask(fault === 'kill' ? 'SIGKILL' : 'SIGTERM', strength);
  }

  /** Who is hit and how often both follow from the strength. */
  #failCalls(fault: FaultOf<'aws'>, strength: number): () => void {
    const callers = CALLERS[Math.floor(strength * CALLERS.length)] ?? 'all';
    // Some of the time nearly every call: else the SDK's own retries would hide it all.
    const share = 0.15 + 0.8 * ((strength * CALLERS.length) % 1);
    this.#callFaults.set(fault, { kind: CALL_FAULTS[fault], callers, share });
    this.#tellStack();
    return () => {
      this.#callFaults.delete(fault);
      this.#tellStack();
    };
  }

  #tellStack(): void {
    this.#stack.failCalls([...this.#callFaults.values()]);
  }
}
