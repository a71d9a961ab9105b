export interface MetricKey {
  namespace: string;
  name: string;
  /** Values by the name of the dimension; a metric with other dimensions is another metric. */
  dimensions: Readonly<Record<string, string>>;
}

export const STATISTICS = ['Sum', 'Maximum', 'Minimum', 'Average', 'SampleCount'] as const;
export type Statistic = (typeof STATISTICS)[number];

/** What was told within one short span of time. */
interface Cell {
  sum: number;
  most: number;
  least: number;
  count: number;
}

/** Longest that an alarm looks back, with the period that is not over. */
const KEPT_MS = 3 * 3_600_000;
/** Spans in a minute, the shortest period. */
const CELLS_A_MINUTE = 6;

/** Metrics as CloudWatch keeps them: by namespace, name and dimensions, summed up in short spans. Old ones are forgotten. */
export class MetricStore {
  readonly #series = new Map<string, { key: MetricKey; cells: Map<number, Cell> }>();
  readonly #cellMs: number;

  /** @param minuteMs how long a minute lasts: less than that for whoever compresses time */
  constructor(minuteMs = 60_000) {
    this.#cellMs = minuteMs / CELLS_A_MINUTE;
  }

  /** Every metric that was told. */
  get keys(): MetricKey[] {
    return [...this.#series.values()].map(({ key }) => key);
  }

  /** @param at epoch milliseconds */
  add(key: MetricKey, at: number, value: number): void {
    const id = idOf(key);
    let series = this.#series.get(id);
    if (series === undefined) this.#series.set(id, (series = { key, cells: new Map() }));
    const place = Math.floor(at / this.#cellMs);
    const cell = series.cells.get(place);
    if (cell === undefined) {
      series.cells.set(place, { sum: value, most: value, least: value, count: 1 });
      this.#forget(series.cells, at);
      return;
    }
    cell.sum += value;
    cell.most = Math.max(cell.most, value);
    cell.least = Math.min(cell.least, value);
    cell.count += 1;
  }

  /** A statistic over the time from `from` to just before `until`, epoch milliseconds; undefined where nothing was told. */
  read(key: MetricKey, statistic: Statistic, { from, until }: { from: number; until: number }): number | undefined {
    const cells = this.#series.get(idOf(key))?.cells ?? new Map<number, Cell>();
    const within = [...cells].filter(([place]) => place * this.#cellMs >= from && place * this.#cellMs < until);
    if (within.length === 0) return undefined;
    const some = within.map(([, cell]) => cell);
    const count = some.reduce((total, cell) => total + cell.count, 0);
    const sum = some.reduce((total, cell) => total + cell.sum, 0);
    switch (statistic) {
      case 'Sum':
        return sum;
      case 'SampleCount':
        return count;
      case 'Average':
        return sum / count;
      case 'Maximum':
        return Math.max(...some.map(({ most }) => most));
      case 'Minimum':
        return Math.min(...some.map(({ least }) => least));
    }
  }

  #forget(cells: Map<number, Cell>, now: number): void {
    for (const place of cells.keys()) {
      if (place * this.#cellMs > now - KEPT_MS) return;
      cells.delete(place);
    }
  }
}

function idOf({ namespace, name, dimensions }: MetricKey): string {
  return JSON.stringify([namespace, name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
