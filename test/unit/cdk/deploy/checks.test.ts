import { expect, test } from 'vitest';
import { checkDestination, checkDocker, checkNode } from '../../../../cdk/deploy/checks.ts';

const aws = { account: '111111111111', region: 'us-east-1' };

test.each([
  ['22.17.1', 'bad'],
  ['20.20.2', 'bad'],
  ['22.18.0', 'good'],
  ['24.21.0', 'good'],
])('Node %s is %s', (version, state) => {
  expect(checkNode(version).state).toBe(state);
});

test('an image builder that is not there is named with what may stand in its place', async () => {
  const finding = await checkDocker('no-such-docker');
  expect(finding).toMatchObject({ state: 'bad', detail: 'there is no no-such-docker' });
  expect(finding.next).toContain('CDK_DOCKER=podman');
});

test('one whose engine does not answer is told apart from one that does', async () => {
  expect(await checkDocker('false')).toMatchObject({
    state: 'bad',
    detail: expect.stringContaining('engine does not answer'),
  });
  expect(await checkDocker('true')).toEqual({ name: 'image builder', state: 'good', detail: 'true' });
});

test('credentials of another account than that of the stage stop a deploy', () => {
  const prepared = { kind: 'prepared', account: '222222222222', region: 'us-east-1' } as const;
  expect(checkDestination(prepared, { aws })).toMatchObject({
    state: 'bad',
    next: 'The stage belongs to account 111111111111: sign in there',
  });
  expect(checkDestination({ ...prepared, account: aws.account }, { aws }).state).toBe('good');
  expect(checkDestination(prepared, { aws: undefined }).state).toBe('good');
});

test('a place without the CDK has the command that prepares it, whole', () => {
  const unprepared = { kind: 'unprepared', region: 'us-east-1' } as const;
  expect(checkDestination(unprepared, { aws }, 'live').next).toBe(
    'Once for each account and region: `npx cdk bootstrap aws://111111111111/us-east-1 --profile live`',
  );
  expect(checkDestination(unprepared, { aws: undefined }).next).toMatch(/`npx cdk bootstrap`$/);
});

test('what nobody tells stops nothing', () => {
  expect(checkDestination({ kind: 'not_told', why: 'denied' }, { aws }).state).toBe('unknown');
  expect(checkDestination({ kind: 'no_credentials', why: 'expired' }, { aws }).state).toBe('bad');
  expect(checkDestination({ kind: 'no_region' }, { aws: undefined }).state).toBe('bad');
});
