import { describe, expect, test } from 'vitest';
import { type Acknowledgement, judgeAudit } from '../../../.ci/advisories.ts';

const ID = 'GHSA-aaaa-bbbb-cccc';
const advisory = { name: 'left', title: 'Loses octets', url: `https://github.com/advisories/${ID}`, severity: 'high' };
/** As npm 11 writes it: what depends on a package with an advisory has that package's name in its place. */
const report = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: { left: { name: 'left', via: [advisory] }, right: { name: 'right', via: ['left'] } },
});
const clean = JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} });
const known = (until: string): Acknowledgement => ({ id: ID, reason: 'never called', until });
const judge = (text: string, ...acknowledged: Acknowledgement[]) => judgeAudit(text, acknowledged, '2026-11-23');

describe('advisories', () => {
  test('none is good', () => {
    expect(judge(clean)).toEqual({ kind: 'judged', problems: [], acknowledged: 0 });
  });

  test('one is a problem, named once however many packages it reaches', () => {
    expect(judge(report)).toMatchObject({
      problems: [`left: high: Loses octets (${ID}, https://github.com/advisories/${ID})`],
    });
  });

  test('one that is acknowledged is none until its day', () => {
    expect(judge(report, known('2026-11-24'))).toEqual({ kind: 'judged', problems: [], acknowledged: 1 });
    expect(judge(report, known('2026-11-23'))).toMatchObject({
      problems: [expect.stringContaining('Loses octets'), expect.stringContaining('look at it again')],
    });
  });

  test('an acknowledgement of what is no longer there is to go', () => {
    expect(judge(clean, known('2027-01-01'))).toMatchObject({ problems: [expect.stringContaining('take it out')] });
  });

  test('a report in another form is not taken for a registry that does not answer', () => {
    const unknown = JSON.stringify({ vulnerabilities: { left: { name: 'left', via: [{ advisory: ID }] } } });
    expect(judge(unknown)).toMatchObject({ kind: 'judged', problems: [expect.stringContaining('not understood')] });
  });

  test.each([
    ['{"message":"405 Method Not Allowed","statusCode":405}', '405 Method Not Allowed'],
    ['{"error":{"code":"ENOTFOUND","summary":"getaddrinfo ENOTFOUND"}}', 'getaddrinfo ENOTFOUND'],
    ['', 'npm said nothing that can be read'],
  ])('without a registry there is no verdict, and the reason is said: %s', (text, why) => {
    expect(judge(text)).toEqual({ kind: 'skipped', why: `registry not reachable: ${why}` });
  });
});
