import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runbook } from '../../../cdk/monitoring/runbook.ts';
import { readArguments } from '../../../cli/arguments.ts';
import { COMMANDS } from '../../../cli/commands.ts';
import { COMMON_OPTIONS } from '../../../cli/help.ts';
import { OPERATIONS } from '../../../shared/contracts/openapi/operations.ts';
import { Template } from './stack-under-test.ts';

const template = new Template();

describe('the runbook asks only for', () => {
  test('commands that there are, with options and arguments that they have', () => {
    const asked = [...runbook().matchAll(/^ *npm run cli -- (.+)$/gm)].map(([, line = '']) => line);
    expect(asked.length).toBeGreaterThan(10);
    for (const line of asked) {
      const command = COMMANDS.find(({ name }) => `${line} `.startsWith(`${name} `));
      if (command === undefined) throw new Error(`there is no command ${line}`);
      const options = { ...COMMON_OPTIONS, ...command.options };
      const given = line.slice(command.name.length).split(' ').filter(Boolean);
      expect(() => readArguments(given, { ...command, options }), line).not.toThrow();
    }
  });

  test('a dashboard of the name that it has', () => {
    const { Properties } = template.at('AWS::CloudWatch::Dashboard', 'Monitoring/Dashboard');
    const name = String(template.text(Properties.DashboardName));
    expect(name).toMatch(/^bindery-prod-.*Region/);
    const asked = /dashboard `([^`]+)`/.exec(runbook())?.[1];
    expect(asked?.replace('<stage>', 'prod').replace('<region>', name.replace('bindery-prod-', ''))).toBe(name);
  });

  // `"status":"503"`: API Gateway writes a text, which only a comparison of texts is sure to find.
  test('texts of the access log, which has no numbers', () => {
    const [format = {}] = template
      .ofType('AWS::ApiGatewayV2::Stage')
      .map(([, { Properties }]) => JSON.parse(Properties.AccessLogSettings.Format) as Record<string, string>);
    const asked = [...runbook().matchAll(/\{ \$\.(\w+) (\S+) (\S+) \}/g)];
    expect(asked.map(([, field = '']) => format[field])).toEqual(['$context.status']);
    expect(asked.map(([, , ...comparison]) => comparison.join(' '))).toEqual(['= 5*']);
  });

  test('routes that there are', () => {
    const asked = [...runbook().matchAll(/curl (?:-X (\w+) )?API_URL(\S+)/g)];
    const routes = asked.map(([, method = 'GET', path = '']) => `${method} ${path.replace(/[A-Z_]+_ID/, '{id}')}`);
    expect(routes.length).toBeGreaterThan(4);
    const known: string[] = OPERATIONS.map(({ route }) => route);
    expect(routes.filter((route) => !known.includes(route))).toEqual([]);
  });
});

test('the runbook in docs is the one that is made of the rules', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8')).toBe(runbook());
});
