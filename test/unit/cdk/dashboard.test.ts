import { describe, expect, test } from 'vitest';
import { type AlarmProperties, readAlarm } from '../../../cdk/local/cloudwatch/alarm.ts';
import { BINDER_METRICS } from '../../../shared/config/binder-metrics.ts';
import { FUNCTION_METRICS } from '../../../shared/config/function-metrics.ts';
import { Template } from './stack-under-test.ts';

interface Widget {
  type: 'metric' | 'text' | 'alarm';
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title?: string; metrics?: unknown[][]; alarms?: string[]; region?: string };
}

const accounts = [
  { name: 'main', profile: 'smpp-asia', segmentsPerDay: 1_000 },
  { name: 'second', profile: 'smpp-asia', segmentsPerSecond: 25 },
];
const template = new Template({ accounts });
const dashboard = template.at('AWS::CloudWatch::Dashboard', 'Monitoring/Dashboard');
const { widgets } = JSON.parse(template.texts(dashboard.Properties.DashboardBody).join()) as { widgets: Widget[] };
const graphs = widgets.filter(({ type }) => type === 'metric');

interface Referenced {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
}

function referenced(metric: unknown[]): Referenced | undefined {
  const [namespace, name, ...rest] = metric.filter((part) => typeof part === 'string');
  if (namespace === undefined || name === undefined) return undefined;
  const pairs = rest.flatMap((part, index) => (index % 2 === 0 ? [[part, rest[index + 1] ?? ''] as const] : []));
  return { namespace, name, dimensions: Object.fromEntries(pairs) };
}

/** Metrics that AWS tells of a type of resource, and what names the resource in them. */
const AWS_METRICS: Record<string, { names: RegExp; is: (dimensions: Record<string, string>) => boolean }> = {
  'AWS/SQS': {
    names:
      /^(ApproximateNumberOfMessages(Visible|NotVisible|Delayed)|ApproximateAgeOfOldestMessage|NumberOfMessagesSent|NumberOfEmptyReceives)$/,
    is: ({ QueueName = '' }) => exists('AWS::SQS::Queue', QueueName.replace(/\.QueueName$/, '')),
  },
  'AWS/Lambda': {
    names: /^(Invocations|Errors|Throttles|Duration)$/,
    is: ({ FunctionName = '' }) => exists('AWS::Lambda::Function', FunctionName),
  },
  'AWS/ApiGateway': {
    names: /^(Count|4xx|5xx|Latency)$/,
    is: ({ ApiId = '' }) => exists('AWS::ApiGatewayV2::Api', ApiId),
  },
  'AWS/DynamoDB': {
    names: /^Consumed(Read|Write)CapacityUnits$/,
    is: ({ TableName = '' }) => exists('AWS::DynamoDB::GlobalTable', TableName),
  },
  'AWS/ECS': {
    names: /^(CPU|Memory)Utilization$/,
    is: ({ ClusterName = '', ServiceName = '' }) =>
      exists('AWS::ECS::Cluster', ClusterName) && exists('AWS::ECS::Service', ServiceName.replace(/\.Name$/, '')),
  },
};

function exists(type: string, place: string): boolean {
  return template.placesOf(type).includes(place);
}

/** Why a metric would never be there; undefined where it is. */
function complaint({ namespace, name, dimensions }: Referenced): string | undefined {
  const said = `${namespace} ${name} ${JSON.stringify(dimensions)}`;
  if (namespace !== 'Bindery') {
    const known = AWS_METRICS[namespace];
    return known?.names.test(name) && known.is(dimensions) ? undefined : said;
  }
  const ofFunction = (FUNCTION_METRICS as Record<string, { of: 'account' | 'stage' } | undefined>)[name];
  const of = name in BINDER_METRICS ? 'account' : ofFunction?.of;
  const isAccount = accounts.some((account) => account.name === dimensions['Account']);
  const expected = of === 'account' ? 'Stage,Account' : 'Stage';
  const isRight =
    Object.keys(dimensions).join() === expected && dimensions['Stage'] === 'prod' && isAccount === (of === 'account');
  return of !== undefined && isRight ? undefined : said;
}

describe('the dashboard', () => {
  test('shows only what is told by a program, or by AWS of a resource of the stack', () => {
    const all = graphs.flatMap(({ properties }) =>
      (properties.metrics ?? []).flatMap((metric) => referenced(metric) ?? []),
    );
    expect(all.length).toBeGreaterThan(100);
    expect(all.flatMap((metric) => complaint(metric) ?? [])).toEqual([]);
  });

  test('shows every metric that an alarm looks at, of everything that it watches', () => {
    const textOf = (namespace = '', name = '', dimensions: Record<string, string> = {}) =>
      [namespace, name, ...Object.values(dimensions)].join(' ');
    const shown = graphs
      .flatMap(({ properties }) => properties.metrics ?? [])
      .flatMap((metric) => referenced(metric) ?? []);
    const seen = new Set(shown.map(({ namespace, name, dimensions }) => textOf(namespace, name, dimensions)));
    const watched = template.ofType('AWS::CloudWatch::Alarm').flatMap(([place, { Properties }]) => {
      const { queries } = readAlarm(place, template.text(Properties) as AlarmProperties);
      return [...queries.values()].map(({ metric }) => textOf(metric.namespace, metric.name, metric.dimensions));
    });
    expect([...new Set(watched)].filter((metric) => !seen.has(metric))).toEqual([]);
  });

  test('shows every metric that functions tell', () => {
    const shown = new Set(
      graphs.flatMap(({ properties }) =>
        (properties.metrics ?? []).flatMap((metric) => referenced(metric)?.name ?? []),
      ),
    );
    expect(Object.keys(FUNCTION_METRICS).filter((name) => !shown.has(name))).toEqual([]);
  });

  test('computes only with what stands in the same graph', () => {
    for (const { properties } of graphs) {
      const options = (properties.metrics ?? []).map((metric) => metric.at(-1) as { id?: string; expression?: string });
      const ids = options.flatMap(({ id }) => id ?? []);
      expect(new Set(ids).size, properties.title).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z]\w*$/);
      const used = options.flatMap(({ expression = '' }) => expression.match(/\b[a-z]\w*\b/g) ?? []);
      expect(
        used.filter((id) => !ids.includes(id)),
        properties.title,
      ).toEqual([]);
    }
  });

  test('compares the rate of each account with its limit', () => {
    const rates = graphs.filter(({ properties }) => properties.title?.includes('the limit'));
    expect(rates.map(({ properties }) => properties)).toEqual([
      expect.objectContaining({ annotations: { horizontal: [{ label: 'limit of the operator', value: 10 }] } }),
      expect.objectContaining({ annotations: { horizontal: [{ label: 'limit of the operator', value: 25 }] } }),
    ]);
  });

  test.each([
    'the limit',
    'messages in each lane',
    'time to drain',
    'outcomes',
    'receipt',
    'session',
    'refused, throttled, unknown',
    'quota',
    'webhook attempts',
    'latency',
    'dead letters',
    'US dollars',
  ])('has a graph of %s', (words) => {
    expect(graphs.map(({ properties }) => properties.title).join('\n')).toContain(words);
  });

  test('names alarms that are there', () => {
    const [{ properties }] = widgets as [Widget];
    const places = template.ofType('AWS::CloudWatch::Alarm').map(([place]) => `${place}.Arn`);
    expect(properties.alarms).toEqual(places);
  });

  test('lays nothing over anything else, nor beyond the edge', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)},${y + Math.floor(index / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBeLessThanOrEqual(24);
  });
});
