import { LANES, type Lane } from '../../shared/config/account.ts';
import type { AccountReport } from '../../shared/domain/account-report.ts';
import { type AccountLoad, isRecent } from '../../shared/domain/drain.ts';
import type { Log } from '../../shared/log/log.ts';
import type { LaneBacklog } from '../../shared/queue/lane-backlog.ts';
import type { ReportStore } from '../../shared/store/control-reports.ts';

export interface LoadWatchOptions {
  reports: Pick<ReportStore, 'read'>;
  backlog: Pick<LaneBacklog, 'messages'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

const REMEMBERED_MS = 2_000;
/** A caller should not wait for an estimate; what takes longer is not known this time. */
const LONGEST_LOOK_MS = 500;

interface Look {
  at: number;
  found: Promise<AccountLoad | undefined>;
}

/** What waits in the lanes of accounts, looked up every two seconds at most in one execution environment. */
export class LoadWatch {
  readonly #options: LoadWatchOptions;
  readonly #looks = new Map<string, Look>();

  constructor(options: LoadWatchOptions) {
    this.#options = options;
  }

  /** @returns undefined where it is not known: nobody has measured it lately, or it takes too long to ask */
  async load(account: string): Promise<AccountLoad | undefined> {
    const now = this.#options.now();
    const before = this.#looks.get(account);
    const look =
      before !== undefined && now - before.at < REMEMBERED_MS && now >= before.at
        ? before
        : { at: now, found: this.#look(account) };
    this.#looks.set(account, look);
    const load = await look.found;
    return isRecent(load?.report, now) ? load : undefined;
  }

  /** What this environment itself has put into a lane since the last look. */
  added(account: string, lane: Lane, segments: number): void {
    const look = this.#looks.get(account);
    if (look === undefined) return;
    const found = look.found.then(
      (load) =>
        load && {
          ...load,
          messages: { ...load.messages, [lane]: load.messages[lane] + 1 },
          segments: { ...load.segments, [lane]: load.segments[lane] + segments },
        },
    );
    this.#looks.set(account, { ...look, found });
  }

  async #look(account: string): Promise<AccountLoad | undefined> {
    const { reports, backlog, log } = this.#options;
    const signal = AbortSignal.timeout(LONGEST_LOOK_MS);
    try {
      const [report, ...counts] = await Promise.all([
        reports.read(account, signal),
        ...LANES.map(async (lane) => await backlog.messages(account, lane, signal)),
      ]);
      return report === undefined ? undefined : loadOf(report, counts);
    } catch (error) {
      log.warn('what waits in the lanes is not known for the moment', { account, error });
      return undefined;
    }
  }
}

function loadOf(report: AccountReport, counts: readonly number[]): AccountLoad {
  const perLane = (value: (lane: Lane) => number) => ({
    otp: value('otp'),
    transactional: value('transactional'),
    bulk: value('bulk'),
  });
  const messages = perLane((lane) => counts[LANES.indexOf(lane)] ?? 0);
  const segments = perLane((lane) => Math.ceil(messages[lane] * (report.lanes[lane].segmentsPerMessage ?? 1)));
  return { messages, segments, report };
}
