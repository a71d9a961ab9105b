import type { AlarmRule, Scope } from './alarm-rule.ts';
import { ALARM_RULES } from './alarms/all.ts';
import { conditionOf } from './words.ts';

const INTRODUCTION = `# Runbook

Made by \`npm run generate\` from \`cdk/monitoring/alarms/\`, the source of the alarms themselves: change it there.

Each alarm is called \`bindery-<stage>-<id>-<what>\`; its description says what it means and links to its section here. Severity \`page\`:
somebody gets up for it. \`look\`: somebody looks at it in working hours. The dashboard \`bindery-<stage>-<region>\` shows all metrics that are named here.

Words in capitals stand for names of your stack. API_URL, CLUSTER and SERVICE are its outputs \`ApiUrl\`, \`ClusterName\` and \`ServiceName\`; what
its output \`AdminKeyCommand\` says prints a KEY. The log groups:

\`\`\`sh
aws cloudformation describe-stack-resources --stack-name bindery-prod --output table \\
  --query "StackResources[?ResourceType=='AWS::Logs::LogGroup'].[LogicalResourceId,PhysicalResourceId]"
\`\`\`

\`npm run cli -- … \` finds the stack by its outputs; \`npm run cli -- --help\` says how.

On one machine \`npm start\` evaluates the same alarms, and its view shows which are raised.`;

const OF_WHAT: Record<Scope, string> = {
  account: 'One for each account.',
  'account with a limit': 'One for each account that has `segmentsPerDay` or `segmentsPerMonth`.',
  lane: 'One for each lane of each account.',
  queue: 'One for each dead-letter queue, and for each queue in which a trigger parks what it gave up.',
  function: 'One for each function.',
  api: 'One.',
  stage: 'One.',
};

function stepsOf({ steps }: AlarmRule): string {
  return steps
    .map(({ text, command }, index) => {
      const line = `${index + 1}. ${text}`;
      return command === undefined ? line : `${line}\n\n   \`\`\`sh\n   ${command}\n   \`\`\``;
    })
    .join('\n');
}

function section(rule: AlarmRule): string {
  const { id, title, severity, meaning, missing, whyMissing, scope } = rule;
  return [
    `## ${id}`,
    `**${title}.** Severity: \`${severity}\`. ${OF_WHAT[scope]}`,
    meaning,
    `Raised when: ${conditionOf(rule)}.`,
    `No data counts as ${missing === 'breaching' ? 'bad' : 'good'}: ${whyMissing}.`,
    stepsOf(rule),
  ].join('\n\n');
}

/** The text of docs/runbook.md. */
export function runbook(): string {
  const rows = ALARM_RULES.map(({ id, title, severity }) => `| [${id}](#${id}) | ${title} | \`${severity}\` |`);
  const table = ['| alarm | | severity |', '|---|---|---|', ...rows].join('\n');
  return `${[INTRODUCTION, table, ...ALARM_RULES.map(section)].join('\n\n')}\n`;
}
