import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { SessionSpeed } from '../stage/session-run.ts';
import { type Sides, startSides } from '../stage/sides.ts';
import { median } from '../stage/spread.ts';

const WINDOWS = [1, 10, 50, 100];
/** The two take turns, so that what else the machine does falls on both. */
const ROUNDS = 5;
const WARM_UP_MS = 300;
const MEASURED_MS = 900;
const OF = 'plain smpp session';

export const session: Bench = {
  title: 'the session alone, its rate lifted',
  run: async ({ watch, scale }) => {
    const rounds = Math.max(1, Math.round(ROUNDS * scale));
    const sides = await startSides();
    try {
      return await watch.during('b: rounds', WINDOWS.length * (rounds + 1), (report) => compare(sides, rounds, report));
    } finally {
      sides.close();
    }
  },
};

async function compare(sides: Sides, rounds: number, report: (done: number) => void): Promise<Figure[]> {
  let done = 0;
  const figures: Figure[] = [];
  for (const window of WINDOWS) {
    // Before it counts, the engine has compiled what runs hot.
    await drive(sides.bindery, sides.url, window);
    await drive(sides.plain, sides.url, window);
    report((done += 1));
    const bindery: SessionSpeed[] = [];
    const plain: SessionSpeed[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bindery.push(await drive(sides.bindery, sides.url, window));
      plain.push(await drive(sides.plain, sides.url, window));
      report((done += 1));
    }
    figures.push(...figuresOf(window, { bindery, plain }));
  }
  return figures;
}

function figuresOf(window: number, { bindery, plain }: Record<'bindery' | 'plain', SessionSpeed[]>): Figure[] {
  const speed = (runs: SessionSpeed[]) => median(runs.map(({ answersPerSecond }) => answersPerSecond));
  const cost = (runs: SessionSpeed[]) => median(runs.map(({ cpuMsPer1000 }) => cpuMsPer1000));
  return [
    {
      what: `window ${window}: answered submits`,
      unit: '/s',
      measured: speed(bindery),
      baseline: { of: OF, value: speed(plain) },
      goal: { atLeast: speed(plain) },
    },
    {
      what: `window ${window}: for 1,000 segments`,
      unit: 'ms CPU',
      measured: cost(bindery),
      baseline: { of: OF, value: cost(plain) },
    },
  ];
}

async function drive(side: Sides['bindery'], url: string, window: number): Promise<SessionSpeed> {
  return await side.call('drive', { url, window, warmUpMs: WARM_UP_MS, measuredMs: MEASURED_MS });
}
