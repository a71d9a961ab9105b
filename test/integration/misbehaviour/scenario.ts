import type { Behaviour } from '../../../binder/simulator/behaviour.ts';
import type { SimulatorOptions } from '../../../binder/simulator/settings.ts';
import type { Account } from '../../../shared/config/account.ts';
import type { Message, MessageStatus } from '../../../shared/domain/message.ts';
import type { Encounter } from './encounter.ts';
import type { Outgoing } from './outgoing.ts';
import type { Misbehaviour } from './section-7.ts';

/** One misbehaviour, what is sent meanwhile, and what holds besides what always holds (what-holds.ts). */
export interface Scenario {
  of: Misbehaviour;
  /** A sentence that begins with what the message centre does. */
  title: string;
  behaviours: () => Behaviour[];
  operator?: SimulatorOptions;
  account?: { bindType?: Account['bindType']; timers?: Partial<Account['timers']> };
  /** Multiplies the waits between binds. */
  timeScale?: number;
  /** Queued before the binder starts; default MIXED. */
  outgoing?: readonly Outgoing[];
  /** What happens while they are under way. */
  meanwhile?: (encounter: Encounter) => Promise<void>;
  /** How a message ends that is to end in another way than delivered, or unknown by its lane's policy. */
  ends?: (message: Message) => MessageStatus | undefined;
  /** Longest time without a session, from start to end. */
  boundAgainWithinMs?: number;
  /** That the misbehaviour took place, and what is particular about it. */
  shown: (encounter: Encounter) => void | Promise<void>;
}
