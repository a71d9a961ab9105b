import type { SQSClient } from '@aws-sdk/client-sqs';
import { EXIT } from '../exit-codes.ts';
import { CliError } from '../failure.ts';
import { parsedJson } from '../parsed-json.ts';

/** A call of a service of AWS that has no client here: a client each, for a few calls a year, would be two more dependencies. */
export interface AwsCall {
  /** As its signature names it. */
  service: 'dynamodb' | 'lambda';
  /** Such as {@link awsEndpoint} gives it. */
  endpoint: string;
  region: string;
  method: 'GET' | 'POST';
  /** Without characters that an address would have to escape. */
  path: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: string;
}

export interface AwsAnswer {
  status: number;
  headers: Headers;
  /** Undefined where it is no JSON. */
  body: unknown;
}

export type CallAws = (call: AwsCall) => Promise<AwsAnswer>;

/** A function has a minute. */
const TIMEOUT_MS = 70_000;

/**
 * Calls under the credentials of a client of the SDK, and signed as it signs its own.
 * @throws CliError where no answer comes
 */
export function signedCalls({ config }: Pick<SQSClient, 'config'>): CallAws {
  return async ({ service, region, endpoint, method, path, query = {}, headers = {}, body }) => {
    const { protocol, hostname, host } = new URL(endpoint);
    const signer = await config.signer({
      name: 'sigv4',
      signingName: service,
      signingRegion: region,
      properties: {},
    });
    const signed = await signer.sign({
      method,
      protocol,
      hostname,
      path,
      query,
      headers: { ...headers, host },
      ...(body === undefined ? {} : { body }),
    });
    const { host: _host, ...sent } = signed.headers;
    try {
      const answer = await fetch(`${endpoint}${path}${searchOf(query)}`, {
        method,
        headers: sent,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body }),
      });
      return { status: answer.status, headers: answer.headers, body: parsedJson(await answer.text()) };
    } catch {
      throw new CliError('aws_unreachable', `${host} does not answer`, { exitCode: EXIT.unreachable });
    }
  };
}

/** Where a service stands. @param prefix such as `lambda` */
export function awsEndpoint(prefix: string, region: string): string {
  return `https://${prefix}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function searchOf(query: Record<string, string>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}
