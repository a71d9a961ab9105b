import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { dangersOf } from '../../../cdk/release/dangers.ts';
import { guardRelease, recordOf } from '../../../cdk/release/guard.ts';
import { type Kept, releaseOf, releaseSchema } from '../../../cdk/release/release.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import { appWith, emptyBundles } from './stack-under-test.ts';

const RECORD = join(import.meta.dirname, '../../fixtures/released-template.json');

function releaseWith(overrides: Record<string, unknown> = {}) {
  const app = appWith(overrides);
  const { stackName } = new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles());
  return releaseOf(stackName, app.synth().getStackByName(stackName).template);
}

const shipped = releaseWith();

/** What is dangerous about `change` of one resource of the shipped template, found by the beginning of its id. */
function dangersOfChange(id: string, change: (resource: Kept) => void): string[] {
  const after = structuredClone(shipped);
  const [, resource] = Object.entries(after.resources).find(([logicalId]) => logicalId.startsWith(id)) ?? [];
  if (resource === undefined) throw new Error(`no ${id}`);
  change(resource);
  return dangersOf(shipped, after).map((danger) => danger.change);
}

test('an update from the last release loses no table, queue, secret, bus or address', () => {
  const last = releaseSchema.parse(JSON.parse(readFileSync(RECORD, 'utf8')));
  const lost = dangersOf(last, shipped).map(({ change, reason }) => `${change}: ${reason}`);
  // Only where the loss is meant: `npm run synth && npm run release -- record test/fixtures/released-template.json`.
  expect(lost).toEqual([]);
});

test('the record of the last release holds everything that must not be lost', () => {
  const types = Object.values(shipped.resources).map(({ type }) => type);
  const count = (type: string) => types.filter((one) => one === type).length;
  expect(count('AWS::DynamoDB::GlobalTable')).toBe(3);
  expect(count('AWS::SQS::Queue')).toBeGreaterThanOrEqual(18);
  expect(count('AWS::SecretsManager::Secret')).toBe(2);
  expect(count('AWS::Events::EventBus')).toBe(1);
});

test('the record of a deploy is committed as it was written: `npm run check` looks at the form of none', () => {
  const root = join(import.meta.dirname, '../../..');
  const { files } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { files: { includes: string[] } };
  expect(files.includes).toContain(`!${relative(root, dirname(recordOf(root, 'bindery-prod')))}`);
});

describe('an update is dangerous that', () => {
  test.each([
    ['removes a table', 'StorageMessages'],
    ['removes a queue', 'EventsWebhooksQueue'],
    ['removes a secret', 'AdminKeySecret'],
    ['removes the archive of events', 'EventsArchive'],
  ])('%s', (_, prefix) => {
    const after = structuredClone(shipped);
    const id = Object.keys(after.resources).find((one) => one.startsWith(prefix))!;
    const { type } = after.resources[id]!;
    delete after.resources[id];
    expect(dangersOf(shipped, after).map(({ change }) => change)).toEqual([`removed: ${id} (${type})`]);
  });

  test('calls a table otherwise, which is a new one', () => {
    const after = structuredClone(shipped);
    const id = Object.keys(after.resources).find((one) => one.startsWith('StorageControl'))!;
    after.resources['StorageOther01234567'] = after.resources[id]!;
    delete after.resources[id];
    expect(dangersOf(shipped, after).map(({ change }) => change)).toEqual([
      `removed: ${id} (AWS::DynamoDB::GlobalTable)`,
    ]);
  });

  test.each([
    ['names a table', 'StorageMessages', 'TableName', 'messages'],
    ['changes the keys of a table', 'StorageReceipts', 'KeySchema', [{ AttributeName: 'id', KeyType: 'HASH' }]],
    ['renames a lane', 'LanessmppasiaotpQueue', 'QueueName', 'another'],
    ['makes a queue a FIFO one', 'FeedStepsQueue', 'FifoQueue', true],
    ['names a secret', 'AdminKeySecret', 'Name', 'admin'],
    ['renames the bus', 'EventsBus', 'Name', 'another'],
  ])('%s', (_, id, property, value) => {
    const [change, ...others] = dangersOfChange(id, ({ identity }) => void (identity[property] = value));
    expect(others).toEqual([]);
    expect(change).toMatch(new RegExp(`^replaced: ${id}.* by ${property}$`));
  });

  test('changes the type of a key', () => {
    expect(dangersOfChange('StorageMessages', (table) => void (table.keys = { messageId: 'N' }))).toEqual([
      expect.stringMatching(/^replaced: StorageMessages.* by types of its keys$/),
    ]);
  });

  test('changes an index, or adds two', () => {
    const change = (edit: (indexes: Record<string, unknown>) => void) =>
      dangersOfChange('StorageMessages', (table) => edit((table.indexes ??= {})));
    expect(change((indexes) => delete indexes['due'])).toEqual([expect.stringMatching(/^index changed: due of /)]);
    expect(change((indexes) => void (indexes['new'] = {}))).toEqual([]);
    expect(change((indexes) => void Object.assign(indexes, { new: {}, other: {} }))).toEqual([
      expect.stringMatching(/^indexes added: new, other of /),
    ]);
  });

  test('writes made-up values over the credentials that someone filled in', () => {
    const changed = dangersOfChange('Credentials', ({ identity }) => {
      identity['GenerateSecretString'] = { PasswordLength: 9 };
    });
    expect(changed).toEqual([expect.stringMatching(/^overwritten: Credentials.* by GenerateSecretString$/)]);
  });

  test('lets a table be deleted with its stack', () => {
    expect(dangersOfChange('StorageMessages', (table) => void (table.stays = false))).toEqual([
      expect.stringMatching(/^unprotected: StorageMessages/),
    ]);
  });
});

describe('a change of the configuration', () => {
  const large = releaseWith({
    accounts: [{ profile: 'smpp-asia' }, { profile: 'smpp-asia', name: 'second' }],
    retention: { messagesDays: 365, receiptsDays: 30, logsDays: 365 },
    encryption: { kind: 'own' },
    vpc: { kind: 'nat' },
    binder: { cpu: 512, memoryMiB: 1024, count: 2 },
    operatorUrl: 'smpp://203.0.113.7:2775',
    apiRequestsPerSecond: 100,
  });

  test('that adds, or keeps longer, loses nothing', () => {
    expect(dangersOf(shipped, large)).toEqual([]);
  });

  test('that takes away an account, days, an address and a key is refused for each, and an account is one thing', () => {
    expect(dangersOf(large, shipped).map(({ change }) => change)).toEqual([
      'account removed: second',
      'retention.messagesDays: 365 -> 90',
      'retention.receiptsDays: 30 -> 14',
      'retention.logsDays: 365 -> 30',
      expect.stringMatching(/^removed: KeepingKey.* \(AWS::KMS::Key\)$/),
      expect.stringMatching(/^removed: EventsBusParked.* \(AWS::SQS::Queue\)$/),
      expect.stringMatching(/^removed: NetworkSourceAddress.* \(AWS::EC2::EIP\)$/),
    ]);
  });

  test('from a key of someone else to another one is refused: what waits was encrypted with the old one', () => {
    const keyArn = (end: number) =>
      `arn:aws:kms:ap-southeast-1:123456789012:key/01234567-89ab-cdef-0123-45678900000${end}`;
    const under = (end: number) => releaseWith({ encryption: { kind: 'existing', keyArn: keyArn(end) } });
    const first = under(1);
    const changes = (after: typeof first) => dangersOf(first, after).map(({ change }) => change);
    expect(changes(under(2))).toEqual([`encryption: ${keyArn(1)} -> ${keyArn(2)}`]);
    expect(changes(shipped)).toEqual([
      `encryption: ${keyArn(1)} -> aws`,
      expect.stringMatching(/^removed: EventsBusParked.* \(AWS::SQS::Queue\)$/),
    ]);
    expect(changes(first)).toEqual([]);
    expect(dangersOf(shipped, first)).toEqual([]);
  });

  test('that ends test mode takes away its account', () => {
    const after = releaseWith({ testMode: false });
    expect(dangersOf(shipped, after).map(({ change }) => change)).toEqual(['account removed: test']);
  });

  test.each([
    [{ disposable: true }, 'disposable: false -> true'],
    [{ eventSource: 'com.example' }, 'eventSource: dev.bindery -> com.example'],
  ])('to %j is refused', (settings, change) => {
    const after = { ...shipped, settings: { ...shipped.settings, ...settings } };
    expect(dangersOf(shipped, after).map((danger) => danger.change)).toEqual([change]);
  });
});

describe('the guard of a deploy', () => {
  const root = mkdtempSync(join(tmpdir(), 'bindery-release-'));
  const retention = { ...shipped.settings.retention, messagesDays: 30 };
  const less = { ...shipped, settings: { ...shipped.settings, retention } };
  const path = recordOf(root, shipped.stack);
  mkdirSync(dirname(path));
  writeFileSync(path, JSON.stringify(shipped));

  afterAll(() => rmSync(root, { recursive: true }));

  test('refuses with the reason, and says how to go on', () => {
    expect(() => guardRelease(root, less, [])).toThrow(
      /released\/bindery-prod\.json[^]*\n {2}- retention\.messagesDays: 90 -> 30\n.*deleted earlier[^]*"accepted"/,
    );
  });

  test('lets pass what is accepted, word for word', () => {
    expect(() => guardRelease(root, less, ['retention.messagesDays: 90 -> 30'])).not.toThrow();
    expect(() => guardRelease(root, less, ['retention.messagesDays'])).toThrow();
  });

  test('says nothing of a stack that was never recorded', () => {
    expect(() => guardRelease(join(root, 'elsewhere'), less, [])).not.toThrow();
  });
});
