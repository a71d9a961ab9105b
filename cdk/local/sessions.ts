/** Where one SMPP session of an account stands, as the binder's log says. */
export interface SessionReport {
  account: string;
  bindType: string;
  /** `connecting`, `binding`, `bound`, `unbinding`, `waiting` or `closed`. */
  state: string;
  /** Why the last connection ended. */
  reason?: string;
  /** command_status of a refused bind. */
  commandStatus?: number;
  detail?: string;
  retryInMs?: number;
  sinceEpochMs: number;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}

/** A line of a structured log, or undefined when it is something else. */
export function readLogLine(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const fields: unknown = JSON.parse(line);
    return isFields(fields) ? fields : undefined;
  } catch {
    return undefined;
  }
}

/** What a line of the binder's log says about a session; undefined when it says nothing. */
export function readSessionLine(line: string): SessionReport | undefined {
  const fields = readLogLine(line);
  if (fields === undefined || fields['message'] !== `session ${String(fields['state'])}`) return undefined;
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined);
  const number = (name: string): number | undefined => (typeof fields[name] === 'number' ? fields[name] : undefined);
  const optional = {
    reason: text('reason'),
    detail: text('detail'),
    commandStatus: number('commandStatus'),
    retryInMs: number('retryInMs'),
  };
  return {
    account: text('account') ?? '',
    bindType: text('bindType') ?? '',
    state: text('state') ?? '',
    sinceEpochMs: Date.parse(text('time') ?? ''),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<SessionReport>),
  };
}

/** `bind refused: 0x0e`, as far as it is known. */
export function describeReason({ reason, commandStatus, detail }: SessionReport): string {
  const status = commandStatus === undefined ? '' : ` 0x${commandStatus.toString(16).padStart(2, '0')}`;
  const more = detail === undefined ? '' : ` (${detail})`;
  return `${(reason ?? 'unknown reason').replaceAll('_', ' ')}${status}${more}`;
}

/** The latest report of every session, by account and bind type. */
export class SessionBoard {
  readonly #reports = new Map<string, SessionReport>();
  readonly #waiters = new Set<() => void>();

  /** Takes a line of any program. */
  read(line: string): void {
    const report = readSessionLine(line);
    if (report === undefined) return;
    this.#reports.set(`${report.account} ${report.bindType}`, report);
    for (const wake of this.#waiters) wake();
  }

  get reports(): SessionReport[] {
    return [...this.#reports.values()];
  }

  /** Waits until every account is bound or has failed once; false after `timeoutMs`. */
  async settled(accounts: readonly string[], timeoutMs: number): Promise<boolean> {
    const isSettled = (): boolean =>
      accounts.every((account) => {
        const own = this.reports.filter((report) => report.account === account);
        return (
          own.length > 0 && own.every(({ state }) => state === 'bound' || state === 'waiting' || state === 'closed')
        );
      });
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!isSettled() && !deadline.aborted) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#waiters.delete(wake);
          deadline.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiters.add(wake);
        deadline.addEventListener('abort', wake);
      });
    }
    return isSettled();
  }
}
