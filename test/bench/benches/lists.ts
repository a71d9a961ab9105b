import { listMessages } from '../../../functions/query/list.ts';
import { messageListQuerySchema } from '../../../shared/contracts/message-list.ts';
import type { ApiKey } from '../../../shared/domain/api-key.ts';
import { MessageIndexes } from '../../../shared/store/message-indexes.ts';
import { startTables, type Tables } from '../../fixtures/tables.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { median } from '../stage/spread.ts';
import { storeMessages, timeOf } from '../stage/stored-messages.ts';

const STORED = 100_000;
const LIMIT = 50;
const ROUNDS = 25;
/** A page and what tells that another follows. */
const ROWS_OF_A_PAGE = LIMIT + 2;
/** What is looked at for one page where a filter matches nothing, and a chunk more. */
const ROWS_WITHOUT_MATCH = 1_200;
/** Flat, give or take what else the machine does. */
const FLAT = 1.5;

const CALLER: ApiKey = {
  keyId: 'bench',
  name: 'bench',
  secretHash: '',
  scopes: ['messages:read'],
  test: false,
  createdAt: 0,
};

export const lists: Bench = {
  title: 'a page of a list over 100,000 stored messages',
  run: async ({ watch, scale }) => {
    const count = Math.ceil(STORED * scale);
    const tables = await startTables();
    try {
      await watch.during(
        'l: storing messages',
        count,
        async (report) => await storeMessages(tables.document, count, report),
      );
      return await watch.during('l: pages', 5, async (report) => await figuresOf(tables, count, report));
    } finally {
      tables.close();
    }
  },
};

async function figuresOf(tables: Tables, count: number, report: (done: number) => void): Promise<Figure[]> {
  const pages = new Pages(tables);
  const before = (index: number) => ({ created_before: new Date(timeOf(index)).toISOString() });
  // Before it counts, the engine has compiled what runs hot.
  await pages.cost({});
  report(1);
  const newest = await pages.cost({});
  const baseline = { of: 'the newest page', value: newest.ms };
  const figures: Figure[] = [
    { what: 'the newest page', unit: 'ms', measured: newest.ms },
    { what: 'the newest page: read for it', unit: 'rows', measured: newest.rows, goal: { atMost: ROWS_OF_A_PAGE } },
  ];
  for (const [what, filter, rows] of [
    ['a page in the middle', before(count / 2), ROWS_OF_A_PAGE],
    ['the oldest page', before(LIMIT + 10), ROWS_OF_A_PAGE],
    ['1 % by recipient, in the middle', { to: '09175550100', ...before(count / 2) }, ROWS_OF_A_PAGE],
    ['1 % by client reference', { client_ref: 'rare', ...before(count / 2) }, ROWS_OF_A_PAGE],
    ['a filter that nothing matches', { status: 'failed' }, ROWS_WITHOUT_MATCH],
  ] as const) {
    const cost = await pages.cost(filter);
    const isFlat = what.endsWith('page') || what.endsWith('page in the middle');
    figures.push(
      { what, unit: 'ms', measured: cost.ms, baseline, ...(isFlat ? { goal: { atMost: FLAT * newest.ms } } : {}) },
      { what: `${what}: read for it`, unit: 'rows', measured: cost.rows, goal: { atMost: rows } },
    );
    report(figures.length / 2);
  }
  return figures;
}

/** Pages of a list, through the code of the function and the tables. */
class Pages {
  readonly #indexes: MessageIndexes;
  #rows = 0;

  constructor({ document }: Tables) {
    this.#indexes = new MessageIndexes(document, 'Messages');
    document.middlewareStack.add(
      (next) => async (parameters) => {
        const result = await next(parameters);
        const { Items } = result.output as { Items?: unknown[] };
        this.#rows += Items?.length ?? 0;
        return result;
      },
      { step: 'initialize', name: 'rows' },
    );
  }

  /** Median time of one page, and the rows that the indexes gave for it. */
  async cost(query: Record<string, string>): Promise<{ ms: number; rows: number }> {
    const times: number[] = [];
    this.#rows = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const started = performance.now();
      await listMessages(messageListQuerySchema.parse({ limit: String(LIMIT), ...query }), CALLER, {
        indexes: this.#indexes,
        cursorKey: async () => await Promise.resolve('bench'),
        accounts: [{ name: 'main' }],
      });
      times.push(performance.now() - started);
    }
    return { ms: median(times), rows: this.#rows / ROUNDS };
  }
}
