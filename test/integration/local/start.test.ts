import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Observation } from '../../../cdk/local/observation.ts';
import { startSimulatedOperator } from '../../../cdk/local/simulated-operator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { until } from '../../fixtures/running-stack.ts';

function stateFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bindery-start-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function send({ apiUrl, key }: RunningBindery, text: string): Promise<string> {
  const response = await fetch(`${apiUrl}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: '+639171234567', from: 'BINDERY', text }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as { id: string }).id;
}

async function statusOf({ apiUrl, key }: RunningBindery, id: string): Promise<string> {
  const response = await fetch(`${apiUrl}/v1/messages/${id}`, { headers: { authorization: `Bearer ${key}` } });
  return ((await response.json()) as { status: string }).status;
}

test('the synthesized stack runs, strictly as its template says, and knows its messages and its key after a restart', async () => {
  const stateDirectory = stateFolder();
  const seen: Observation[] = [];
  const start = () =>
    startLocalStack({
      stateDirectory,
      strict: true,
      simulated: { receiptDelayMs: 100 },
      observe: (observation) => void seen.push(observation),
    });

  const first = await start();
  expect(
    first
      .sessions()
      .map(({ account, state }) => `${account} ${state}`)
      .sort(),
  ).toEqual(['smpp-asia bound', 'test bound']);
  const id = await send(first, 'Hello');
  await until('delivered', async () => (await statusOf(first, id)) === 'delivered');
  const events = () =>
    seen
      .flatMap((o) => (o.kind === 'bus_event' ? [o.event['detail-type']] : []))
      .filter((type) => type.startsWith('message.'));
  // The bus hears of a change a little later than whoever asks for it.
  await until('published', () => events().includes('message.delivered'));
  await first.close();
  expect(first.tasks()).toEqual([]);
  expect(existsSync(join(stateDirectory, 'lock'))).toBe(false);

  const second = await start();
  onTestFinished(() => second.close());
  expect(second.key).toBe(first.key);
  expect(await statusOf(second, id)).toBe('delivered');
  expect(events()).toEqual(['message.queued', 'message.sent', 'message.delivered']);
  expect(readdirSync(second.logFolder)).toContain('binder.log');
}, 90_000);

test('a wrong password at the operator is said, and the stack runs on', async () => {
  const operator = await startLocalOperator();
  const notices: string[] = [];
  const running = await startLocalStack({
    stateDirectory: stateFolder(),
    operator: { url: operator.url, systemId: 'bindery', password: 'wrong' },
    observe: (observation) => void (observation.kind === 'notice' && notices.push(observation.text)),
  });
  onTestFinished(() => running.close());
  expect(notices).toEqual([expect.stringMatching(/^account smpp-asia is not bound: bind refused 0x0e/)]);
  await send(running, 'This one waits');
}, 90_000);

async function startLocalOperator(): Promise<{ url: string }> {
  const operator = await startSimulatedOperator({
    port: 0,
    systemId: 'bindery',
    password: 'right',
    segmentsPerSecond: 10,
    onLine: () => {},
  });
  onTestFinished(() => operator.close());
  return operator;
}
