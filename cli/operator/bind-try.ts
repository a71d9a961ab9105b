import { systemClock } from '../../binder/session/clock.ts';
import type { CloseReason } from '../../binder/session/close-reason.ts';
import { Link } from '../../binder/session/link.ts';
import type { LinkStatus } from '../../binder/session/link-status.ts';
import { STATUS } from '../../binder/smpp/status.ts';
import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';
import { createLog } from '../../shared/log/log.ts';

export type BindTry = { kind: 'bound' } | ({ kind: 'refused' } & CloseReason);

const SILENT = createLog({ level: 'error', now: Date.now, write: () => undefined });

/**
 * Binds as the binder would, and unbinds. What the operator delivers meanwhile is answered with a temporary error, so that it
 * comes again: nobody is here to store it.
 */
export async function tryBind(account: Account, credentials: Credentials): Promise<BindTry> {
  const { promise, resolve } = Promise.withResolvers<BindTry>();
  const onStatus = ({ state, reason, commandStatus, detail }: LinkStatus): void => {
    if (state === 'bound') resolve({ kind: 'bound' });
    if (state !== 'waiting' || reason === undefined) return;
    resolve({
      kind: 'refused',
      reason,
      ...(commandStatus === undefined ? {} : { commandStatus }),
      ...(detail === undefined ? {} : { detail }),
    });
  };
  const link = new Link({
    account,
    credentials: async () => credentials,
    clock: systemClock,
    random: Math.random,
    log: SILENT,
    handlers: {
      onStatus,
      onDeliver: async () => STATUS.temporaryApplicationError,
      onLateAnswer: () => undefined,
    },
  });
  link.start();
  const result = await promise;
  if (result.kind === 'bound') await link.close({ drainMs: 0 });
  else link.destroy();
  return result;
}
