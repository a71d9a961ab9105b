import { describe, expect, test } from 'vitest';
import { profiles } from '../../../cdk/config/profiles.ts';
import { explainBind } from '../../../cli/operator/bind-advice.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { STANDARD_BIND_ANSWERS } from '../../../shared/config/standard-statuses.ts';

const account = accountSchema.parse({ name: 'a', ...profiles['smpp-asia'] });
const refused = (commandStatus: number) => explainBind({ reason: 'bind_refused', commandStatus }, account);

describe('a bind that did not succeed', () => {
  test('has an explanation of its own for every status that the binder treats in its own way', () => {
    const statuses = Object.keys(STANDARD_BIND_ANSWERS)
      .filter((key) => key !== 'other')
      .flatMap((key) => key.split('-').map(Number));
    const unknown = refused(0x7777).next;
    for (const status of statuses) expect(refused(status).next).not.toBe(unknown);
  });

  test('is said in the words of SMPP and of the operator', () => {
    expect(refused(0x0e).what).toContain('0x0e ESME_RINVPASWD (invalid password');
    expect(refused(0x0e).next).toContain('npm run cli -- credentials');
    expect(refused(0x58).what).toContain("the operator's word: Throttling error (rate limit)");
  });

  test('before any answer names the fault of the network or of the certificate', () => {
    const fault = (detail: string) => explainBind({ reason: 'connect_failed', detail }, account);
    expect(fault('ECONNREFUSED').next).toContain('Nothing listens');
    expect(fault('DEPTH_ZERO_SELF_SIGNED_CERT').next).toContain('tls.ca');
    expect(explainBind({ reason: 'peer_closed' }, account)).toMatchObject({
      what: 'peer closed',
      next: expect.stringContaining('listed') as string,
    });
  });
});
