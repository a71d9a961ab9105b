import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { runStack } from '../../fixtures/running-stack.ts';
import { getAtt, lambda, permission, ref, type SmallAssembly } from '../../fixtures/small-assembly.ts';

const ECHO = `export const handler = async (event) => {
  if (event.queryStringParameters?.explode) throw new Error('a secret');
  if (event.queryStringParameters?.slow) await new Promise((resolve) => setTimeout(resolve, 1000));
  return { statusCode: 200, headers: { 'X-Seen': event.routeKey }, cookies: ['a=1', 'b=2'], body: JSON.stringify(event) };
};`;

function api(integration: Record<string, unknown> = {}): SmallAssembly {
  const route = (RouteKey: string) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: { ApiId: ref('Api'), RouteKey, Target: { 'Fn::Join': ['/', ['integrations', ref('Integration')]] } },
  });
  return {
    functions: { echo: ECHO },
    resources: {
      Echo: lambda('echo', { Timeout: 10 }),
      Invoke: permission('Echo', 'apigateway.amazonaws.com'),
      Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
      Stage: {
        Type: 'AWS::ApiGatewayV2::Stage',
        Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true },
      },
      Integration: {
        Type: 'AWS::ApiGatewayV2::Integration',
        Properties: {
          ApiId: ref('Api'),
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: getAtt('Echo'),
          PayloadFormatVersion: '2.0',
          ...integration,
        },
      },
      Post: route('POST /v1/things'),
      Get: route('GET /v1/things/{id}'),
    },
    outputs: { Url: { Value: getAtt('Api', 'ApiEndpoint') } },
  };
}

test('a request reaches its function as an event, and its answer the client', async () => {
  await using running = await runStack(api());
  const url = running.stack.deployment.outputs['Url']!;

  const response = await fetch(`${url}/v1/things/a%20b?x=1`, { headers: { 'X-One': '1' } });

  const event = (await response.json()) as Record<string, unknown>;
  expect(response.status).toBe(200);
  expect(response.headers.get('x-seen')).toBe('GET /v1/things/{id}');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(event).toMatchObject({
    version: '2.0',
    rawPath: '/v1/things/a%20b',
    rawQueryString: 'x=1',
    pathParameters: { id: 'a b' },
    headers: { 'x-one': '1' },
  });
  expect(running.seen).toContainEqual(expect.objectContaining({ kind: 'request', method: 'GET', status: 200 }));
});

test('what has no route, is too large, or fails, is answered as API Gateway does', async () => {
  await using running = await runStack(api({ TimeoutInMillis: 600 }));
  const url = running.stack.deployment.outputs['Url']!;
  const answer = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${url}${path}`, init);
    return [response.status, await response.json()];
  };

  expect(await answer('/v1/nothing')).toEqual([404, { message: 'Not Found' }]);
  expect(await answer('/v1/things', { method: 'PUT' })).toEqual([404, { message: 'Not Found' }]);
  const body = Buffer.alloc(10 * 1024 * 1024 + 1);
  expect(await answer('/v1/things', { method: 'POST', body })).toEqual([413, { message: 'Request Entity Too Large' }]);
  expect(await answer('/v1/things/a?explode=1')).toEqual([500, { message: 'Internal Server Error' }]);
  expect(await answer('/v1/things/a?slow=1')).toEqual([503, { message: 'Service Unavailable' }]);
});

test('a port that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(runStack(api(), { apiPort: port })).rejects.toThrow(
    new RegExp(`Api .*could not be deployed: .*EADDRINUSE.*${port}`),
  );
});
