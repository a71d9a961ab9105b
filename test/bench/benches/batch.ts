import type { Bench, BenchContext } from '../bench.ts';
import { BenchOperator } from '../stage/operator.ts';
import { recipient } from '../stage/sample.ts';
import { median } from '../stage/spread.ts';
import { BenchStack } from '../stage/stack.ts';

const ITEMS = 1_000;
const BATCHES = 7;
const WIDTH = 8;
/** A function behind the API has ten seconds, and a slower machine should not come near them. */
const MOST_MS = 3_000;
const TEXT =
  'Hi {{name}}, your parcel {{parcel}} is out for delivery and will reach you today between 14:00 and 16:00.';
const SINGLE = TEXT.replace('{{name}}', 'Ana').replace('{{parcel}}', '4711');

export const batch: Bench = {
  title: 'a batch of 1,000, from the request to its answer, through the local stack',
  async run({ watch, scale }: BenchContext) {
    const operator = await BenchOperator.start();
    let stack: BenchStack | undefined;
    try {
      stack = await BenchStack.begin(operator);
      const post = poster(stack);
      const singles = Math.ceil(ITEMS * scale);
      const singleMs = await watch.during(
        'g: one by one',
        singles,
        async (report) => await oneByOne(post, singles, report),
      );
      // For later: nothing of it is sent meanwhile.
      const send_at = new Date(Date.now() + 3_600_000).toISOString();
      const times = await watch.during('g: batches', BATCHES, async (report) => {
        const found: number[] = [];
        // The first one starts the function.
        for (let n = 0; n <= BATCHES; n += 1) {
          const startedMs = performance.now();
          const answer = await post('/v1/batches', {
            send_at,
            defaults: { from: 'Bindery', text: TEXT },
            items: items(),
          });
          if (n > 0) found.push(performance.now() - startedMs);
          if (answer['accepted'] !== ITEMS) throw new Error(`${String(answer['accepted'])} items were accepted`);
          report(n);
        }
        return found;
      });
      const of = `as many single messages, ${WIDTH} at a time`;
      const baseline = { of, value: (singleMs * ITEMS) / singles };
      return [
        { what: 'accepted: median', unit: 'ms', measured: median(times), baseline, goal: { below: MOST_MS } },
        { what: 'accepted: slowest', unit: 'ms', measured: Math.max(...times), baseline },
      ];
    } finally {
      await stack?.close();
      operator.close();
    }
  },
};

function items() {
  return Array.from({ length: ITEMS }, (_, n) => ({
    to: recipient(n),
    client_ref: `parcel-${n}`,
    variables: { name: 'Ana', parcel: String(n) },
  }));
}

type Post = (path: string, body: unknown) => Promise<Record<string, unknown>>;

function poster({ api, key }: BenchStack): Post {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return async (path, body) => {
    const answer = await fetch(`${api}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (answer.status !== 202) throw new Error(`answered with ${answer.status}`);
    return (await answer.json()) as Record<string, unknown>;
  };
}

async function oneByOne(post: Post, count: number, report: (done: number) => void): Promise<number> {
  const numbers = Array.from({ length: count }, (_, n) => n).values();
  let done = 0;
  const startedMs = performance.now();
  const worker = async () => {
    for (const n of numbers) {
      await post('/v1/messages', { to: recipient(n), from: 'Bindery', text: SINGLE, lane: 'bulk' });
      done += 1;
      report(done);
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, worker));
  return performance.now() - startedMs;
}
