import { expect, test } from 'vitest';
import { licenceProblems } from '../../../.ci/licence-rules.ts';

const problems = (license?: string, dev = false) =>
  licenceProblems({ '': {}, 'node_modules/some': { version: '1.0.0', dev, ...(license && { license }) } });

test.each(['MIT', '(MIT OR GPL-3.0-or-later)', 'Apache-2.0 AND MIT'])('%s may be deployed', (license) => {
  expect(problems(license)).toEqual([]);
});

test.each(['AGPL-3.0-only', 'MIT AND GPL-2.0-only', 'UNLICENSED'])('%s may not', (license) => {
  expect(problems(license)).toEqual([`some 1.0.0: ${license}`]);
});

test('a package without a licence may not, and what only develops may have any', () => {
  expect(problems()).toEqual(['some 1.0.0: no licence']);
  expect(problems('AGPL-3.0-only', true)).toEqual([]);
});
