/** A metric of a graph, or an expression over those that have an `id`. */
export type Series =
  | {
      namespace: string;
      name: string;
      dimensions: Readonly<Record<string, string>>;
      stat: string;
      id?: string;
      label?: string;
      /** Only for expressions. */
      hidden?: true;
      axis?: 'right';
    }
  | { expression: string; id: string; label: string; axis?: 'right' };

export interface Graph {
  title: string;
  series: readonly Series[];
  /** Of twenty-four. */
  width: number;
  periodSeconds: number;
  stacked?: boolean;
  limit?: { label: string; value: number };
  /** Lowest value of the left axis is 0 in any case. */
  most?: number;
}

export type Row = { heading: string; graphs: readonly Graph[] };

const COLUMNS = 24;
const GRAPH_HEIGHT = 6;

function metricOf(series: Series): unknown[] {
  const axis = series.axis === undefined ? {} : { yAxis: series.axis };
  if ('expression' in series) return [{ expression: series.expression, id: series.id, label: series.label, ...axis }];
  const { namespace, name, dimensions, stat, id, label, hidden } = series;
  const options = {
    stat,
    ...(id !== undefined && { id }),
    ...(label !== undefined && { label }),
    ...(hidden && { visible: false }),
    ...axis,
  };
  return [namespace, name, ...Object.entries(dimensions).flat(), options];
}

function graphProperties({ title, series, periodSeconds, stacked, limit, most }: Graph, region: string) {
  return {
    title,
    region,
    view: 'timeSeries',
    stacked: stacked ?? false,
    period: periodSeconds,
    metrics: series.map(metricOf),
    yAxis: { left: { min: 0, ...(most !== undefined && { max: most }) } },
    ...(limit && { annotations: { horizontal: [limit] } }),
  };
}

/** The body of a dashboard: rows below each other, each under its heading, their graphs from left to right. */
export function dashboardBody(rows: readonly Row[], { region, alarms }: { region: string; alarms: readonly string[] }) {
  let y = 0;
  const below = (height: number) => {
    y += height;
    return y - height;
  };
  const state = {
    type: 'alarm',
    x: 0,
    y: below(4),
    width: COLUMNS,
    height: 4,
    properties: { title: 'Alarms', alarms, sortBy: 'stateUpdatedTimestamp', states: ['ALARM', 'INSUFFICIENT_DATA'] },
  };
  const widgets = rows.flatMap(({ heading, graphs }) => {
    const top = {
      type: 'text',
      x: 0,
      y: below(1),
      width: COLUMNS,
      height: 1,
      properties: { markdown: `## ${heading}` },
    };
    let x = COLUMNS;
    return [
      top,
      ...graphs.map((graph) => {
        if (x + graph.width > COLUMNS) {
          x = 0;
          below(GRAPH_HEIGHT);
        }
        x += graph.width;
        return {
          type: 'metric',
          x: x - graph.width,
          y: y - GRAPH_HEIGHT,
          width: graph.width,
          height: GRAPH_HEIGHT,
          properties: graphProperties(graph, region),
        };
      }),
    ];
  });
  return { widgets: [state, ...widgets] };
}
