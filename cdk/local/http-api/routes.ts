import type { LambdaFunction } from '../lambda/function.ts';

/** What a route of the HTTP API leads to. */
export interface Integration {
  function: LambdaFunction;
  /** How long API Gateway waits for the function, milliseconds. */
  timeoutMs: number;
}

interface Route {
  routeKey: string;
  /** HTTP method in capitals, or `ANY`. */
  method: string;
  /** `/v1/messages/{id}` in its parts. */
  parts: string[];
  integration: Integration;
}

export interface RouteMatch {
  routeKey: string;
  integration: Integration;
  /** Decoded values of the route's variables. */
  pathParameters: Record<string, string>;
}

function partsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The variables of a path under a route's pattern, or undefined when it does not fit. */
function matchParts(pattern: string[], path: string[]): Record<string, string> | undefined {
  const variables: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const [, name, greedy] = /^\{([^}+]+)(\+)?\}$/.exec(part) ?? [];
    const value = path[index];
    if (name !== undefined && greedy !== undefined) {
      if (path.length <= index) return undefined;
      variables[name] = path.slice(index).map(decode).join('/');
      return variables;
    }
    if (value === undefined) return undefined;
    if (name === undefined ? part !== value : value === '') return undefined;
    if (name !== undefined) variables[name] = decode(value);
  }
  return pattern.length === path.length ? variables : undefined;
}

/** API Gateway takes the most specific route: a literal path before one with a variable, before one with a greedy variable. */
function rank({ method, parts }: Route): number {
  const greedy = parts.some((part) => part.endsWith('+}'));
  const variables = parts.filter((part) => part.startsWith('{')).length;
  return (greedy ? 1000 : 0) + variables * 10 + (method === 'ANY' ? 1 : 0);
}

/** The routes of one HTTP API. */
export class RouteTable {
  #routes: Route[] = [];
  #fallback: Integration | undefined;

  /** @param routeKey `GET /v1/messages/{id}`, `ANY /{proxy+}` or `$default` */
  add(routeKey: string, integration: Integration): void {
    if (routeKey === '$default') {
      this.#fallback = integration;
      return;
    }
    const [method = '', path = ''] = routeKey.split(' ');
    this.#routes.push({ routeKey, method, parts: partsOf(path), integration });
    this.#routes.sort((left, right) => rank(left) - rank(right));
  }

  match(method: string, path: string): RouteMatch | undefined {
    const parts = partsOf(path);
    for (const route of this.#routes) {
      if (route.method !== 'ANY' && route.method !== method) continue;
      const pathParameters = matchParts(route.parts, parts);
      if (pathParameters !== undefined)
        return { routeKey: route.routeKey, integration: route.integration, pathParameters };
    }
    if (this.#fallback === undefined) return undefined;
    return { routeKey: '$default', integration: this.#fallback, pathParameters: {} };
  }

  /** Every function behind a route. */
  functions(): LambdaFunction[] {
    const integrations = [
      ...this.#routes.map((route) => route.integration),
      ...(this.#fallback ? [this.#fallback] : []),
    ];
    return [...new Set(integrations.map((integration) => integration.function))];
  }
}
