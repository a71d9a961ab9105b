import type { Account } from '../shared/config/account.ts';
import type { Credentials } from '../shared/config/credentials.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';
import { decideByTestNumber, testNumberBehaviour } from './simulator/test-numbers.ts';

const SYSTEM_ID = 'test';
const RECEIPT_DELAY_MS = 1_000;
/** It is nobody's journal: enough to see in a debugger what came last. */
const JOURNAL_LIMIT = 100;

/** The message centres of accounts for test keys. They are part of this process, listen on loopback and forget all with it. */
export class TestCentres {
  /** All accounts, those for test keys with the address of their own message centre. */
  readonly accounts: readonly Account[];
  readonly #password: string;
  readonly #centres: readonly Simulator[];

  private constructor(accounts: readonly Account[], password: string, centres: readonly Simulator[]) {
    this.accounts = accounts;
    this.#password = password;
    this.#centres = centres;
  }

  /**
   * Starts one for each account that is `simulated`. Rejects with the system's error where it cannot listen.
   * @param password of this process alone, at most the 8 characters of SMPP 3.4 section 5.2.2
   */
  static async start(accounts: readonly Account[], password: string): Promise<TestCentres> {
    const centres: Simulator[] = [];
    const served: Account[] = [];
    for (const account of accounts) {
      const centre = account.simulated === true ? await startCentre(account, password) : undefined;
      if (centre !== undefined) centres.push(centre);
      served.push(centre === undefined ? account : { ...account, url: centre.url });
    }
    return new TestCentres(served, password, centres);
  }

  /** What a simulated account binds with; undefined for an operator's. */
  credentials({ simulated }: Account): Credentials | undefined {
    return simulated === true ? { system_id: SYSTEM_ID, password: this.#password } : undefined;
  }

  /** To be called when nothing is bound any more. */
  async close(): Promise<void> {
    await Promise.all(this.#centres.map((centre) => centre.close()));
  }
}

async function startCentre({ url, segmentsPerSecond, dataCoding }: Account, password: string): Promise<Simulator> {
  const { hostname, port } = new URL(url);
  return await startSimulator({
    host: hostname,
    port: Number(port),
    // The binder keeps the pace as at an operator; a process that was held up a little is nothing to throttle here.
    systems: [{ systemId: SYSTEM_ID, password, submitsPerSecond: 2 * segmentsPerSecond }],
    decide: decideByTestNumber,
    behaviours: [testNumberBehaviour()],
    receiptDelayMs: RECEIPT_DELAY_MS,
    destinations: 'any',
    dataCodings: Object.values(dataCoding),
    journalLimit: JOURNAL_LIMIT,
  });
}
