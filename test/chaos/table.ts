import type { Paint } from '../demo/paint.ts';
import type { Finding } from './evidence.ts';

const LABEL_WIDTH = 54;
const RULE_WIDTH = 96;

/** The ledger: what each judge counted, with a rule between them. */
export function table(findings: readonly Finding[], paint: Paint): string {
  const rule = paint.dim(`  ${'─'.repeat(RULE_WIDTH)}`);
  const parts = findings.filter(({ rows }) => rows.length > 0).map(({ rows }) => rows.map(row).join('\n'));
  return [rule, parts.join(`\n${rule}\n`), rule].join('\n');
}

function row([name, value]: [string, string | number]): string {
  return `  ${name.padEnd(LABEL_WIDTH)}${value}`;
}
