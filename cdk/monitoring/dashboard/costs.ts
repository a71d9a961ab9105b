import { PRICES } from '../prices.ts';
import type { Site } from '../site.ts';
import type { Row, Series } from '../widget.ts';

const HOUR_SECONDS = 3_600;
/** What is put into a queue is taken out and deleted: three requests. Those of a batch count as one, so this is the most. */
const REQUESTS_A_MESSAGE = 3;

interface Part {
  id: string;
  label: string;
  metrics: readonly { namespace: string; name: string; dimensions: Record<string, string>; price: number }[];
}

/** What the last hours cost, by part, out of what AWS counted and {@link PRICES}. What is paid by the hour is not in it. */
export function costRow(site: Site): Row {
  const parts = [api(site), functions(site), queues(site), tables(site)];
  return {
    heading: `Costs at the list prices of ${PRICES.region} of ${PRICES.asOf}, without what is paid by the hour (docs/cost.md)`,
    graphs: [
      {
        title: 'US dollars an hour',
        width: 24,
        periodSeconds: HOUR_SECONDS,
        stacked: true,
        series: parts.flatMap(seriesOf),
      },
    ],
  };
}

function seriesOf({ id, label, metrics }: Part): Series[] {
  const byPrice = Map.groupBy(
    metrics.map((metric, index) => ({ ...metric, id: `${id}${index}` })),
    ({ price }) => price,
  );
  const sums = [...byPrice].map(([price, some]) => `SUM([${some.map((metric) => metric.id).join(',')}]) * ${price}`);
  const hidden = [...byPrice.values()].flat().map(
    ({ namespace, name, dimensions, id: metricId }): Series => ({
      namespace,
      name,
      dimensions,
      stat: 'Sum',
      id: metricId,
      hidden: true,
    }),
  );
  return [...hidden, { expression: sums.join(' + '), id: `${id}Cost`, label }];
}

function api({ apiId }: Site): Part {
  const request = {
    namespace: 'AWS/ApiGateway',
    name: 'Count',
    dimensions: { ApiId: apiId },
    price: PRICES.apiRequest,
  };
  return { id: 'api', label: 'API Gateway', metrics: [request] };
}

function functions({ functions: all }: Site): Part {
  const metrics = all.flatMap(({ functionName, memoryMiB }) => {
    const of = { namespace: 'AWS/Lambda', dimensions: { FunctionName: functionName } };
    const millisecond = ((memoryMiB / 1_024) * PRICES.functionGbSecond) / 1_000;
    return [
      { ...of, name: 'Invocations', price: PRICES.functionRequest },
      { ...of, name: 'Duration', price: millisecond },
    ];
  });
  return { id: 'functions', label: 'Lambda', metrics };
}

function queues({ lanes, webhookQueue }: Site): Part {
  const metrics = [...lanes.map(({ queueName }) => queueName), webhookQueue].flatMap((queueName) => {
    const of = { namespace: 'AWS/SQS', dimensions: { QueueName: queueName } };
    return [
      { ...of, name: 'NumberOfMessagesSent', price: REQUESTS_A_MESSAGE * PRICES.queueRequest },
      { ...of, name: 'NumberOfEmptyReceives', price: PRICES.queueRequest },
    ];
  });
  return { id: 'queues', label: 'SQS', metrics };
}

function tables({ tables: all }: Site): Part {
  const metrics = all.flatMap(({ tableName }) => {
    const of = { namespace: 'AWS/DynamoDB', dimensions: { TableName: tableName } };
    return [
      { ...of, name: 'ConsumedWriteCapacityUnits', price: PRICES.tableWriteUnit },
      { ...of, name: 'ConsumedReadCapacityUnits', price: PRICES.tableReadUnit },
    ];
  });
  return { id: 'tables', label: 'DynamoDB, without its indexes', metrics };
}
