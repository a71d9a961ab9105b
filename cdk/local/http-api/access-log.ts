/** What an access log can say of a request. */
export interface AccessFacts {
  requestTimeEpochMs: number;
  requestId: string;
  /** Absent where no route fits. */
  routeKey?: string;
  status: number;
  responseLengthOctets: number;
  responseLatencyMs: number;
  /** Absent where no function was called. */
  integrationLatencyMs?: number;
}

/** Stands for what is not known, as in API Gateway. */
const NOTHING = '-';

/** Variables of API Gateway that can be filled in here. What says who called is left out on purpose: no log of Bindery may hold it. */
const VARIABLES: Readonly<Record<string, (facts: AccessFacts) => string | number | undefined>> = {
  requestTimeEpoch: ({ requestTimeEpochMs }) => requestTimeEpochMs,
  requestId: ({ requestId }) => requestId,
  routeKey: ({ routeKey }) => routeKey,
  status: ({ status }) => status,
  responseLength: ({ responseLengthOctets }) => responseLengthOctets,
  responseLatency: ({ responseLatencyMs }) => Math.round(responseLatencyMs),
  integrationLatency: ({ integrationLatencyMs }) =>
    integrationLatencyMs === undefined ? undefined : Math.round(integrationLatencyMs),
  integrationErrorMessage: () => undefined,
};

const VARIABLE = /\$context\.([A-Za-z.]+)/g;

/** Variables of the format that stay empty here. */
export function unknownVariables(format: string): string[] {
  const names = [...format.matchAll(VARIABLE)].map(([, name = '']) => name);
  return names.filter((name) => !Object.hasOwn(VARIABLES, name));
}

/** One line of an access log. */
export function accessLine(format: string, facts: AccessFacts): string {
  return format.replaceAll(VARIABLE, (_, name: string) => String(VARIABLES[name]?.(facts) ?? NOTHING));
}
