import { afterEach } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';
import { Link, type LinkHandlers, type LinkOptions } from '../../../binder/session/link.ts';
import type { LinkStatus } from '../../../binder/session/link-status.ts';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import type { InboundDeliver, LateAnswer } from '../../../binder/session/session-events.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import type { Fields, Log } from '../../../shared/log/log.ts';
import { type Script, ScriptedPeer } from '../../fixtures/scripted-peer.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';

/** A gate that lets everything through at once. */
export function openGate(): SubmitGate {
  const gate = new SubmitGate({ segmentsPerSecond: 1_000, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
  gate.nextAt = (nowMs) => nowMs;
  return gate;
}

/** A log whose lines can be looked at. */
export function memoryLog(): Log & { lines: { level: string; message: string; fields: Fields }[] } {
  const lines: { level: string; message: string; fields: Fields }[] = [];
  const at =
    (level: string) =>
    (message: string, fields: Fields = {}) =>
      void lines.push({ level, message, fields });
  const log = { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), with: () => log };
  return log;
}

export interface Rig {
  peer: ScriptedPeer;
  link: Link<string>;
  statuses: LinkStatus[];
  delivered: InboundDeliver[];
  late: LateAnswer<string>[];
  log: ReturnType<typeof memoryLog>;
}

type RigOptions = Omit<Partial<LinkOptions<string>>, 'account' | 'handlers'> & {
  script?: Script;
  account?: Record<string, unknown>;
  handlers?: Partial<LinkHandlers<string>>;
};

const open: Rig[] = [];
afterEach(async () => {
  for (const { link, peer } of open.splice(0)) {
    link.destroy();
    await peer.stop();
  }
});

/** A link and a scripted peer for it; waits between binds are a hundredth, so that a test of minutes takes a second. */
export async function rig(options: RigOptions = {}): Promise<Rig> {
  const { script, account, handlers, ...rest } = options;
  const peer = await ScriptedPeer.start(script);
  const statuses: LinkStatus[] = [];
  const delivered: InboundDeliver[] = [];
  const late: LateAnswer<string>[] = [];
  const log = memoryLog();
  const url = `smpp://127.0.0.1:${peer.port}`;
  const link = new Link<string>({
    account: accountSchema.parse({ ...accountInput, url, ...account }),
    credentials: async () => ({ system_id: 'esme', password: 'secret' }),
    clock: systemClock,
    random: Math.random,
    log,
    gate: openGate(),
    timeScale: 0.01,
    ...rest,
    handlers: {
      onStatus: (status) => void statuses.push(status),
      onDeliver: async (pdu) => {
        delivered.push(pdu);
        return 0;
      },
      onLateAnswer: (answer) => void late.push(answer),
      ...handlers,
    },
  });
  const made = { peer, link, statuses, delivered, late, log };
  open.push(made);
  link.start();
  return made;
}
