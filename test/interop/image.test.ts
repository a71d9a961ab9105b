import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import { configurationFrom } from '../../cdk/config/context.ts';
import type { LocalAws, TableProperties } from '../../cdk/local/aws/api.ts';
import { startLocalAws } from '../../cdk/local/aws/start.ts';
import { synthesize } from '../../cdk/synthesize.ts';
import { LANES } from '../../shared/config/account.ts';
import { freePort } from '../fixtures/free-port.ts';
import { Image } from './buildah/image.ts';
import { describeWith } from './debian.ts';

/** The programs and nothing else; above it somebody has packed in what should not be there. */
const MOST_OCTETS = 2_000_000;

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' });
const table = (TableName: string, hash: string, range?: string): TableProperties => ({
  TableName,
  AttributeDefinitions: [attribute(hash), ...(range === undefined ? [] : [attribute(range)])],
  KeySchema: [
    { AttributeName: hash, KeyType: 'HASH' },
    ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' }]),
  ],
});

/** Exit status and all that was said. */
async function outcome(child: ChildProcess): Promise<{ status: unknown; said: string }> {
  const [[status], ...said] = await Promise.all([
    once(child, 'close'),
    ...[child.stdout, child.stderr].map((stream) => (stream === null ? '' : text(stream))),
  ]);
  return { status, said: said.join('') };
}

/** The folder from which the synthesized stack builds the binder's image. */
async function assetOf(folder: string): Promise<string> {
  const { directory } = await synthesize({ outdir: join(folder, 'cdk.out'), validation: false });
  const manifest = readdirSync(directory).find((name) => name.endsWith('.assets.json')) ?? '';
  const { dockerImages } = JSON.parse(readFileSync(join(directory, manifest), 'utf8')) as {
    dockerImages: Record<string, { source: { directory: string } }>;
  };
  const [image] = Object.values(dockerImages);
  return join(directory, image?.source.directory ?? '');
}

const describeWithBuildah = await describeWith('buildah');

describeWithBuildah('the image of the binder, built from the synthesized asset', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bindery-image-'));
  let image: Image;
  let aws: LocalAws;
  let operator: Simulator;

  beforeAll(async () => {
    image = await Image.build(await assetOf(folder), join(folder, 'store'));
    console.log(`the image adds ${(image.lengthOctets / 1_000_000).toFixed(2)} MB to its base`);
    aws = await startLocalAws({ stateDirectory: join(folder, 'state') });
    operator = await startSimulator();
  }, 120_000);
  afterAll(async () => {
    await operator?.close();
    await aws?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a task definition would tell it. */
  async function variables(): Promise<Record<string, string>> {
    await aws.tables.createTable(table('Messages', 'messageId'));
    await aws.tables.createTable(table('Receipts', 'key', 'row'));
    await aws.tables.createTable(table('Control', 'pk', 'sk'));
    const queues = await Promise.all(LANES.map((lane) => aws.queues.createQueue({ name: `image-main-${lane}` })));
    const SecretString = JSON.stringify({ system_id: 'bindery', password: 'secret12' });
    const { arn } = await aws.secrets.createSecret({ Name: 'main', SecretString });
    const { accessKeyId, secretAccessKey } = aws.registerCaller({ program: 'image' });
    const account = { profile: 'smpp-asia', name: 'main' };
    const { accounts } = configurationFrom({ bindery: { accounts: [account], operatorUrl: operator.url } });
    return {
      STAGE: 'image',
      LOG_LEVEL: 'info',
      MESSAGES_TABLE: 'Messages',
      RECEIPTS_TABLE: 'Receipts',
      CONTROL_TABLE: 'Control',
      LANE_QUEUE_URL: (queues[0]?.url ?? '').replace('main-otp', '{account}-{lane}'),
      BINDER_ACCOUNTS: JSON.stringify(accounts),
      ACCOUNT_SECRETS: JSON.stringify({ main: arn }),
      HEALTH_PORT: String(await freePort()),
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'local',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }

  test('is as large as its programs', () => {
    expect(image.lengthOctets).toBeLessThan(MOST_OCTETS);
    expect(image.configuration).toMatchObject({ User: 'node', WorkingDir: '/app', Entrypoint: ['node', 'main.mjs'] });
  });

  test('runs as a normal user whose root is read-only', async () => {
    const program = `
      const attempt = (path) => { try { require('fs').writeFileSync(path, ''); return 'written'; } catch (fault) { return fault.code; } };
      const [, capabilities] = /CapEff:\\s*(\\w+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'));
      console.log(JSON.stringify({ user: process.getuid(), capabilities, app: attempt('/app/x'), tmp: attempt('/tmp/x') }));`;
    const { said } = await outcome(image.start({}, ['node', '-e', program]));
    expect(JSON.parse(said)).toEqual({ user: 1_000, capabilities: '0'.repeat(16), app: 'EROFS', tmp: 'EROFS' });
  });

  test('says everything that is missing, and ends, where it is told nothing', async () => {
    const { status, said } = await outcome(image.start({}));
    expect(status).toBe(1);
    expect(said).toMatch(/^binder: configuration is invalid:/);
    for (const name of ['MESSAGES_TABLE', 'LANE_QUEUE_URL', 'BINDER_ACCOUNTS']) expect(said).toContain(name);
  });

  test('binds to the operator, is healthy, and unbinds when it is told to stop', async () => {
    const told = await variables();
    const bound = () => operator.links.some(({ bindType }) => bindType !== undefined);
    const binder = image.start(told);
    const ended = outcome(binder);
    try {
      await Promise.race([operator.until(bound, 12_000), ended.then(({ said }) => Promise.reject(new Error(said)))]);
      expect(await outcome(image.start(told, ['node', 'health.mjs']))).toEqual({ status: 0, said: '' });
    } finally {
      binder.kill('SIGTERM');
    }
    const { status, said } = await ended;
    expect(said).toContain('"message":"stopped"');
    expect(status).toBe(0);
    expect(operator.links).toEqual([]);
    expect(await outcome(image.start(told, ['node', 'health.mjs']))).toMatchObject({ status: 1 });
  });
});
