import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { apiAccounts, binderAccounts, resolution } from '../../../cdk/config/resolve.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { MC } from '../../fixtures/tls.ts';

const smppAsia = { profile: 'smpp-asia' };
const secured = { ...smppAsia, url: 'smpps://mc.example:3550' };

function accountsOf(accounts: unknown[], operatorUrl?: string) {
  const resolved = resolution({ accounts, ...(operatorUrl === undefined ? {} : { operatorUrl }) });
  if (resolved.kind === 'resolved') return resolved.configuration.accounts;
  throw new Error(resolved.problems.join('\n'));
}

describe('what the operator means by a status', () => {
  test('is overridden one by one, and the words of the profile stay', () => {
    const submit = { '0x400-0x4FF': { action: 'refuse', code: 'operator_rejected', alarm: true } };
    const [account] = accountsOf([{ ...smppAsia, statuses: { submit, words: { '0x417': 'No credit' } } }]);
    expect(account?.statuses).toMatchObject({
      submit,
      words: { '0x0D': 'Invalid source address', '0x417': 'No credit' },
    });
  });

  test.each([
    [{ submit: { '0x58': { action: 'wait' } } }, /statuses\.submit\.0x58\.action: /],
    [{ submit: { 58: { action: 'requeue', delaySeconds: 60 } } }, /statuses\.submit\.58: a status such as 0x0D/],
    [{ submit: { '0x00': { action: 'requeue', delaySeconds: 60 } } }, /statuses\.submit\.0x00: a status such as 0x0D/],
    [{ bind: { '0x20-0x10': { retry: 'network' } } }, /statuses\.bind\.0x20-0x10: a range from the lower/],
    [{ bind: { '0x0D': { retry: 'never' } } }, /statuses\.bind\.0x0D\.retry: .*"back_off"/],
    [{ submit: { '0x65': { action: 'refuse', code: 'undelivered' } } }, /submit\.0x65\.code: .*"sender_not_allowed"/],
  ])('%j is refused, and the line says what is allowed', (statuses, problem) => {
    expect(() => accountsOf([{ ...smppAsia, statuses }])).toThrow(problem);
  });
});

describe('TLS', () => {
  test('is verified unless it is switched off by name', () => {
    const [account] = accountsOf([{ ...secured, tls: { ca: MC.cert, serverName: 'mc.test' } }]);
    expect(account?.tls).toEqual({ verify: true, ca: MC.cert, serverName: 'mc.test' });
  });

  test('for an address without it is a mistake, for it would look secured', () => {
    expect(() => accountsOf([{ ...smppAsia, tls: { serverName: 'mc.test' } }])).toThrow(
      'accounts.0.tls: needs an address that begins with smpps://',
    );
  });

  test('is left out where the address is replaced by one without it, for a trial', () => {
    const [account] = accountsOf([{ ...secured, tls: { ca: MC.cert } }], 'smpp://127.0.0.1:2775');
    expect(account).toMatchObject({ url: 'smpp://127.0.0.1:2775', tls: undefined });
    const [trial] = accountsOf([{ ...secured, tls: { ca: MC.cert } }], 'smpps://127.0.0.1:3550');
    expect(trial?.tls).toEqual({ verify: true, ca: MC.cert });
  });

  test.each([
    ['a private key', MC.key],
    ['a private key beside the certificate', MC.cert + MC.key],
    ['rubbish', 'rubbish'],
  ])('%s is no authority, and nothing of it is printed', (_, ca) => {
    const resolve = () => accountsOf([{ ...secured, tls: { ca } }]);
    expect(resolve).toThrow(/tls\.ca: one or more certificates in PEM and nothing else/);
    expect(resolve).not.toThrow(/MII|rubbish/);
  });
});

describe('rules for texts, sender ids and hours', () => {
  const bulkIn = (deliveryWindow: unknown) => ({ ...smppAsia, lanes: { bulk: { deliveryWindow } } });

  test('are off unless somebody sets them, and reach the API and the binder', () => {
    const [plain] = accountsOf([smppAsia]);
    expect(plain).toMatchObject({ smartEncoding: false, forbiddenWords: [], links: { policy: 'allow' } });
    expect(plain?.lanes.bulk).not.toHaveProperty('deliveryWindow');
    const deliveryWindow = { from: '21:00', until: '06:00' };
    const links = { policy: 'allow_hosts', hosts: ['example.com'] };
    const set = { ...bulkIn(deliveryWindow), smartEncoding: 'with_peso', forbiddenWords: ['gcash'], links };
    const accounts = accountsOf([set]);
    const expected = { smartEncoding: 'with_peso', forbiddenWords: ['gcash'], links };
    for (const told of [apiAccounts(accounts), binderAccounts(accounts)]) {
      const [account] = JSON.parse(told) as [{ lanes: object }];
      expect(account).toMatchObject({ ...expected, lanes: { bulk: { deliveryWindow } } });
    }
  });

  test.each<[unknown, RegExp]>([
    [bulkIn({ from: '8:00', until: '21:00' }), /lanes\.bulk\.deliveryWindow\.from: a time of day such as 08:00/],
    [bulkIn({ from: '08:00', until: '24:00' }), /deliveryWindow\.until: a time of day/],
    [bulkIn({ from: '08:00', until: '08:30' }), /deliveryWindow: from and until at least an hour apart/],
    [bulkIn({ from: '08:00', until: '08:00' }), /deliveryWindow: from and until at least an hour apart/],
    [
      { ...smppAsia, lanes: { otp: { deliveryWindow: { from: '08:00', until: '21:00' } } } },
      /lanes\.otp: unknown "deliveryWindow"/,
    ],
    [
      { ...smppAsia, links: { policy: 'forbid' } },
      /links\.policy: policy must be one of "allow", "allow_hosts", "refuse"/,
    ],
    [{ ...smppAsia, links: { policy: 'allow_hosts', hosts: [] } }, /links\.hosts: /],
    [
      { ...smppAsia, links: { policy: 'allow_hosts', hosts: ['https://example.com'] } },
      /hosts\.0: a host in small letters/,
    ],
    [{ ...smppAsia, forbiddenWords: ['two words'] }, /forbiddenWords\.0: /],
    [{ ...smppAsia, smartEncoding: 'peso' }, /smartEncoding: /],
  ])('%j is refused, and the line says where', (account, problem) => {
    expect(() => accountsOf([account])).toThrow(problem);
  });
});

describe('what the binder is told of an account', () => {
  const told = (accounts: Parameters<typeof binderAccounts>[0]) => JSON.parse(binderAccounts(accounts)) as unknown;

  test('makes the same account again', () => {
    const accounts = accountsOf([
      smppAsia,
      { ...secured, name: 'other', tls: { ca: MC.cert }, submitWindow: 3, timers: { bindMs: 5 }, segmentsPerDay: 9 },
    ]);
    expect(z.array(accountSchema).parse(told(accounts))).toEqual(accounts);
  });

  test('leaves out what its schema fills in', () => {
    const [account] = told(accountsOf([{ ...smppAsia, timers: {}, submitWindow: 10 }])) as [Record<string, unknown>];
    expect(Object.keys(account).toSorted()).toEqual(
      [
        'bindType',
        'dataCoding',
        'destination',
        'lanes',
        'name',
        'segmentsPerSecond',
        'source',
        'statuses',
        'url',
        'validityPeriod',
      ].toSorted(),
    );
  });
});
