import { expect, test } from 'vitest';
import { resolution } from '../../../cdk/config/resolve.ts';

const keyIn = (region: string) => ({
  encryption: {
    kind: 'existing',
    keyArn: `arn:aws:kms:${region}:111111111111:key/01234567-89ab-cdef-0123-456789abcdef`,
  },
});
const topicIn = (region: string) => ({ alarms: { topicArn: `arn:aws:sns:${region}:111111111111:alarms` } });
const certificateIn = (region: string) => ({
  api: {
    domain: { name: 'sms.example.com', certificateArn: `arn:aws:acm:${region}:111111111111:certificate/01234567` },
  },
});
const at = (region: string) => ({ aws: { account: '111111111111', region } });

function problemsOf(fields: object): string[] {
  const result = resolution({ accounts: [{ profile: 'smpp-asia' }], ...fields });
  return result.kind === 'wrong' ? result.problems : [];
}

test('a key, a topic and a certificate of another region are refused here, and not in the middle of a deploy', () => {
  const elsewhere = { ...keyIn('eu-west-1'), ...topicIn('eu-west-1'), ...certificateIn('us-east-1') };
  expect(problemsOf({ ...at('ap-southeast-1'), ...elsewhere })).toEqual([
    'encryption.keyArn: must be in ap-southeast-1, where the stack goes',
    'alarms.topicArn: must be in ap-southeast-1, where the stack goes',
    'api.domain.certificateArn: must be in ap-southeast-1, where the stack goes',
  ]);
  expect(problemsOf({ ...at('eu-west-1'), ...keyIn('eu-west-1'), ...topicIn('eu-west-1') })).toEqual([]);
});

test('where no region is configured they must be in one', () => {
  expect(problemsOf({ ...topicIn('eu-west-1'), ...certificateIn('us-east-1') })).toEqual([
    'api.domain.certificateArn: must be in eu-west-1, as alarms.topicArn is',
  ]);
  expect(problemsOf({ ...topicIn('eu-west-1'), ...certificateIn('eu-west-1') })).toEqual([]);
});

test('an operator is called by IPv4: another address could be configured and never be reached', () => {
  const account = { profile: 'smpp-asia', url: 'smpp://[2001:db8::1]:2775' };
  expect(problemsOf({ accounts: [account] })).toEqual([
    'accounts.0.url: a name or an IPv4 address: the binder gets out by IPv4 only',
  ]);
});
