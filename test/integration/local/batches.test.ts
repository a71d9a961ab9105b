import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { startSimulatedOperator } from '../../../cdk/local/simulated-operator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { type ApiBatch, batchPageSchema, batchSchema, createdBatchSchema } from '../../../shared/contracts/batch.ts';
import { type BatchEventDetail, batchEventSchema } from '../../../shared/contracts/batch-event.ts';
import { messagePageSchema } from '../../../shared/contracts/message-list.ts';
import { ApiClient } from '../../e2e/api-client.ts';
import { until } from '../../fixtures/running-stack.ts';
import { DEFAULTS, items } from '../functions/batch-world.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-batches-'));
/** The profile's rate, and what a batch keeps in its lane at it. */
const RATE = 10;
const AHEAD = 40;
/** Their senders tell the batches apart at the operator. */
const LARGE = 'LARGE';
const SMALL = 'SMALL';
const events: { type: string; detail: BatchEventDetail }[] = [];
/** What the operator took, and when. */
const submits: { from: string; atMs: number }[] = [];
let stack: RunningBindery;
let api: ApiClient;

beforeAll(async () => {
  const operator = await startSimulatedOperator({
    port: 0,
    systemId: 'bindery',
    password: 'right',
    segmentsPerSecond: RATE,
    onLine: (line) => {
      // What he throttles comes again.
      if (!line.includes('"submit_answered"') || !line.includes('"status":0')) return;
      submits.push({ from: (JSON.parse(line) as { source: string }).source, atMs: Date.now() });
    },
  });
  stack = await startLocalStack({
    stateDirectory,
    operator: { url: operator.url, systemId: 'bindery', password: 'right' },
    observe: (seen) => {
      if (seen.kind !== 'bus_event' || !seen.event['detail-type'].startsWith('batch.')) return;
      events.push({ type: seen.event['detail-type'], detail: batchEventSchema.parse(seen.event.detail) });
    },
  });
  api = new ApiClient({ api: stack.apiUrl, key: stack.key });
  return async () => {
    await stack.close();
    await operator.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  };
}, 90_000);

async function created(body: unknown) {
  const answer = await api.post('/v1/batches', JSON.stringify(body));
  expect(answer.status, JSON.stringify(answer.body)).toBe(202);
  return createdBatchSchema.parse(answer.body);
}

async function show(id: string): Promise<ApiBatch> {
  return batchSchema.parse((await api.request(`/v1/batches/${id}`, {})).body);
}

async function turn(id: string, to: 'pause' | 'resume' | 'cancel'): Promise<ApiBatch> {
  const answer = await api.post(`/v1/batches/${id}/${to}`, '');
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return batchSchema.parse(answer.body);
}

/** The batch when nothing of it is on its way any more. */
async function settled(id: string): Promise<ApiBatch> {
  let last: ApiBatch | undefined;
  const isSettled = async () => {
    last = await show(id);
    const { waiting, queued, sent } = last.counters;
    await sleep(200);
    return waiting + queued + sent === 0 && last;
  };
  return await until('the end', isSettled, 30_000).catch((error: unknown) => {
    throw new Error(JSON.stringify(last), { cause: error });
  });
}

const submitsOf = (sender: string) => submits.filter(({ from }) => from === sender);
const eventsOf = (id: string) => events.filter(({ detail }) => detail.data.batch_id === id).map(({ type }) => type);
const sum = ({ counters }: ApiBatch) => Object.values(counters).reduce((total, count) => total + count, 0);

test.concurrent('a batch of 200 goes at the rate, stops when it is paused, goes on, and ends where it is canceled', async ({
  expect,
}) => {
  const begun = performance.now();
  const { id, accepted } = await created({
    defaults: { ...DEFAULTS, from: LARGE, text: 'Hi {{name}}' },
    items: items(200, (index) => ({ variables: { name: `N${index}` } })),
  });
  expect(accepted).toBe(200);
  const submitted = () => submitsOf(LARGE).length;
  await until('30 messages at the operator', () => submitted() >= 30, 30_000);
  const beforeWait = await show(id);
  expect(beforeWait.counters.waiting).toBeGreaterThanOrEqual(200 - submitted() - AHEAD - RATE);

  await turn(id, 'pause');
  const atPause = submitted();
  await sleep(2_000);
  const stopped = submitted();
  // What a binder had in its hands, and what was fed while the pause was on its way to the feeder: never the whole lane.
  expect(stopped - atPause).toBeLessThanOrEqual(RATE);
  await sleep(8_000);
  expect(submitted()).toBe(stopped);
  const paused = await show(id);
  expect(paused).toMatchObject({ status: 'paused', accepted: 200 });
  expect(sum(paused)).toBe(200);

  await turn(id, 'resume');
  await until('40 more', () => submitted() >= stopped + 40, 30_000);
  await turn(id, 'cancel');
  const atCancel = submitted();
  const ended = await settled(id);
  expect(submitted() - atCancel).toBeLessThanOrEqual(RATE);
  expect(ended).toMatchObject({ status: 'canceled' });
  const { delivered, canceled } = ended.counters;
  expect(delivered + canceled).toBe(200);
  // Each went once: as many submits as messages that arrived.
  expect(delivered).toBe(submitted());
  // The bus hears of a change a little later than whoever asks for it.
  const told = ['batch.started', 'batch.paused', 'batch.resumed', 'batch.canceled'];
  await expect.poll(() => eventsOf(id), { timeout: 5_000 }).toEqual(told);
  expect(performance.now() - begun).toBeLessThan(60_000);
}, 120_000);

test.concurrent('a small batch is completed beside it, with an event, and is the first of the list', async () => {
  await until('the large one to go', () => submitsOf(LARGE).length > 0, 30_000);
  const speed_limit = { segments: 2, per: 'second' };
  const defaults = { ...DEFAULTS, from: SMALL };
  const { id } = await created({ lane: 'transactional', defaults, items: items(8), speed_limit });
  await until('batch.completed', () => eventsOf(id).includes('batch.completed'), 30_000);
  const own = submitsOf(SMALL);
  expect(own).toHaveLength(8);
  // Seven follow the first, two a second.
  expect((own.at(-1)?.atMs ?? 0) - (own[0]?.atMs ?? 0)).toBeGreaterThan(2_500);
  const page = batchPageSchema.parse((await api.request('/v1/batches?limit=1', {})).body);
  expect(page).toMatchObject({ data: [{ id, status: 'done' }], has_more: true });
  const listed = messagePageSchema.parse((await api.request(`/v1/messages?batch=${id}&limit=200`, {})).body);
  expect(listed.data).toHaveLength(8);
}, 60_000);

test('a thousand items are accepted in one request of seconds', async () => {
  const text = 'Hi {{name}}, your parcel {{parcel}} is at the {{branch}} branch. Bring an ID. Reply STOP to opt out.';
  const body = {
    defaults: { from: 'BINDERY', text, variables: { branch: 'Cubao' } },
    items: items(1_000, (index) => ({ client_ref: `p-${index}`, variables: { name: 'Ana', parcel: `P${index}` } })),
    send_at: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const begun = performance.now();
  const batch = await created(body);
  const tookMs = performance.now() - begun;
  expect(batch).toMatchObject({ accepted: 1_000, counters: { waiting: 1_000 } });
  console.info(`a batch of 1,000 was accepted in ${Math.round(tookMs)} ms`);
  expect(tookMs).toBeLessThan(9_000);
  expect(await turn(batch.id, 'cancel')).toMatchObject({ status: 'canceled' });
  await until('all canceled', async () => (await show(batch.id)).counters.canceled === 1_000, 30_000);
}, 60_000);
