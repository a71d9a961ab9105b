import { describe, expect, test } from 'vitest';
import { linesOf, type RunningStack, runStack, until } from '../../fixtures/running-stack.ts';
import { image, ref, type SmallAssembly } from '../../fixtures/small-assembly.ts';

/** Says who it is, answers its health check, and takes its time to stop. */
const PROGRAM = `
import { createServer } from 'node:http';
const say = (what) => console.log(JSON.stringify({ what, pid: process.pid, arguments: process.argv.slice(2), environment: process.env }));
createServer((_, response) => response.end('ok')).listen(Number(process.env.HEALTH_PORT), '127.0.0.1', () => say('started'));
process.on('SIGTERM', () => { say('draining'); if (!process.env.STUBBORN) setTimeout(() => { say('drained'); process.exit(0); }, 100); });
`;

const HEALTH = `
const response = await fetch('http://127.0.0.1:' + process.env.HEALTH_PORT).catch(() => undefined);
process.exit(response?.ok && !process.env.SICK ? 0 : 1);
`;

const DOCKERFILE = `FROM node:24
WORKDIR /app
COPY . .
ENV FROM_IMAGE=yes
USER node
ENTRYPOINT ["node", "main.mjs"]
CMD ["--flag"]
`;

interface Said {
  what: string;
  pid: number;
  arguments: string[];
  environment: Record<string, string>;
}

function service(
  container: Record<string, unknown> = {},
  { desiredCount = 1, variables = {} }: { desiredCount?: number; variables?: Record<string, string> } = {},
): SmallAssembly {
  const Environment = { HEALTH_PORT: '8080', ...variables };
  return {
    images: { app: { 'main.mjs': PROGRAM, 'health.mjs': HEALTH, Dockerfile: DOCKERFILE } },
    resources: {
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { SecretString: '{"password":"from the secret"}' },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'App',
              Image: image('app'),
              Environment: Object.entries(Environment).map(([Name, Value]) => ({ Name, Value })),
              Secrets: [{ Name: 'PASSWORD', ValueFrom: { 'Fn::Join': ['', [ref('Secret'), ':password::']] } }],
              HealthCheck: { Command: ['CMD', 'node', 'health.mjs'], Interval: 5, Retries: 1, Timeout: 3 },
              StopTimeout: 2,
              ...container,
            },
          ],
        },
      },
      Service: { Type: 'AWS::ECS::Service', Properties: { TaskDefinition: ref('Task'), DesiredCount: desiredCount } },
    },
  };
}

const said = (running: RunningStack, what: string): Said[] =>
  linesOf<Said>(running.seen, 'app').filter((line) => line.what === what);

const healthy = (running: RunningStack, count: number) =>
  until(`${count} healthy`, () => {
    const tasks = running.stack.services[0]!.tasks.filter(({ state }) => state === 'healthy');
    return tasks.length === count && tasks;
  });

describe('a container', () => {
  test('runs as its image and its task definition say', async () => {
    await using running = await runStack(service());
    await healthy(running, 1);
    const [start] = said(running, 'started');
    expect(start!.arguments).toEqual(['--flag']);
    expect(start!.environment).toMatchObject({
      FROM_IMAGE: 'yes',
      PASSWORD: 'from the secret',
      AWS_REGION: 'ap-southeast-1',
      AWS_ENDPOINT_URL: running.aws.url,
    });
    expect(start!.environment).not.toHaveProperty('VITEST');
    expect(start!.environment['HEALTH_PORT']).not.toBe('8080');
  });

  test('each task calls AWS with a key of its own and has a port of its own', async () => {
    await using running = await runStack(service({}, { desiredCount: 2 }));
    await healthy(running, 2);
    const environments = said(running, 'started').map(({ environment }) => environment);
    for (const name of ['AWS_ACCESS_KEY_ID', 'HEALTH_PORT']) {
      expect(new Set(environments.map((environment) => environment[name])).size).toBe(2);
    }
  });

  test('that is killed comes again, with another process', async () => {
    await using running = await runStack(service());
    const [first] = await healthy(running, 1);
    const { pid } = first!;
    first!.kill('SIGKILL');
    await until('another process', () => said(running, 'started').some((line) => line.pid !== pid));
    const [second] = await healthy(running, 1);
    expect(second!.pid).not.toBe(pid);
    expect(running.seen).toContainEqual(
      expect.objectContaining({ kind: 'task', state: 'stopped', reason: 'signal: SIGKILL' }),
    );
  });

  test('is replaced by one that is healthy before the old one drains', async () => {
    await using running = await runStack(service());
    const [old] = await healthy(running, 1);
    await running.stack.services[0]!.replace();
    expect(running.stack.services[0]!.tasks.map(({ state }) => state)).toEqual(['healthy']);
    expect(said(running, 'drained').map(({ pid }) => pid)).toEqual([old!.pid]);
    const states = running.seen.flatMap((o) => (o.kind === 'task' ? [`${o.task} ${o.state}`] : []));
    expect(states).toEqual([
      'app-1 starting',
      'app-1 healthy',
      'app-2 starting',
      'app-2 healthy',
      'app-1 stopping',
      'app-1 stopped',
    ]);
  });

  test('drains when the stack stops, and is killed when it takes longer than its stop time-out', async () => {
    const polite = await runStack(service());
    await healthy(polite, 1);
    await polite[Symbol.asyncDispose]();
    expect(said(polite, 'drained')).toHaveLength(1);

    const stubborn = await runStack(service({}, { variables: { STUBBORN: '1' } }));
    await healthy(stubborn, 1);
    await stubborn[Symbol.asyncDispose]();
    expect(stubborn.seen).toContainEqual(
      expect.objectContaining({ kind: 'task', state: 'stopped', reason: 'signal: SIGKILL' }),
    );
  });

  test('that fails its health checks is stopped and replaced', async () => {
    const HealthCheck = { Command: ['CMD', 'node', 'health.mjs'], Interval: 1, Retries: 1, Timeout: 3 };
    await using running = await runStack(service({ HealthCheck }, { variables: { SICK: '1' } }));
    await until('a second task', () => said(running, 'started').length > 1);
    expect(running.seen).toContainEqual(expect.objectContaining({ kind: 'task', task: 'app-1', state: 'unhealthy' }));
  });
});
