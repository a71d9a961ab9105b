import type { StackContext } from '../context.ts';
import { accessLine, unknownVariables } from '../http-api/access-log.ts';
import { HttpApi } from '../http-api/api.ts';
import type { Integration } from '../http-api/routes.ts';
import { Throttle } from '../http-api/throttle.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

/** How long API Gateway waits for an integration of an HTTP API unless told otherwise. */
const INTEGRATION_TIMEOUT_MS = 30_000;

function apiOf(properties: Record<string, unknown>, context: StackContext): HttpApi {
  const api = context.apis.get(String(properties['ApiId']));
  if (api === undefined) throw new Error(`ApiId ${String(properties['ApiId'])} is no API of the stack`);
  return api;
}

export const httpApi: ResourceFamily = {
  type: 'AWS::ApiGatewayV2::Api',
  honours: ['Name', 'ProtocolType'],
  ignores: {
    Description: 'a description changes nothing',
    DisableExecuteApiEndpoint: 'there is no other address here',
    Tags: 'tags change nothing',
  },

  async deploy({ logicalId, type, properties }: Resource, context: StackContext): Promise<Identity> {
    if (properties['ProtocolType'] !== 'HTTP') {
      context.report({ logicalId, type, property: 'ProtocolType', message: 'only HTTP is known here' });
    }
    const api = new HttpApi(logicalId, { observe: context.observe, policies: context.aws.policies });
    context.apis.set(logicalId, api);
    // The first API has the port that was asked for.
    const url = await api.listen(context.apis.size === 1 ? context.apiPort : 0);
    return { ref: logicalId, attributes: { ApiEndpoint: url, ApiId: logicalId } };
  },
};

/** Undefined where the template leaves the limit to the AWS account. */
function throttleOf({ DefaultRouteSettings: settings }: Record<string, unknown>): Throttle | undefined {
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = (settings ?? {}) as Record<string, unknown>;
  if (rate === undefined || burst === undefined) return undefined;
  return new Throttle({ requestsPerSecond: Number(rate), burst: Number(burst) });
}

function keepAccessLog(api: HttpApi, { logicalId, type, properties }: Resource, context: StackContext): void {
  const { Format: format } = (properties['AccessLogSettings'] ?? {}) as { Format?: string };
  if (format === undefined) return;
  for (const name of unknownVariables(format)) {
    context.report({
      logicalId,
      type,
      property: 'AccessLogSettings.Format',
      message: `$context.${name} is not known here`,
    });
  }
  api.logAccess = (facts) => context.logs.write('access', accessLine(format, facts));
}

export const stage: ResourceFamily = {
  type: 'AWS::ApiGatewayV2::Stage',
  honours: [
    'ApiId',
    'StageName',
    'AccessLogSettings.Format',
    'DefaultRouteSettings.ThrottlingRateLimit',
    'DefaultRouteSettings.ThrottlingBurstLimit',
  ],
  ignores: {
    'AccessLogSettings.DestinationArn': 'lines are kept in a file of the state folder',
    AutoDeploy: 'what the template says is always deployed',
    Description: 'a description changes nothing',
    'DefaultRouteSettings.DetailedMetricsEnabled': 'there are no metrics here',
    Tags: 'tags change nothing',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const { properties } = resource;
    const api = apiOf(properties, context);
    const name = String(properties['StageName']);
    api.stage = name;
    api.throttle = throttleOf(properties);
    keepAccessLog(api, resource, context);
    return Promise.resolve({ ref: name, attributes: {} });
  },
};

export const integration: ResourceFamily = {
  type: 'AWS::ApiGatewayV2::Integration',
  honours: ['ApiId', 'IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
  ignores: {
    Description: 'a description changes nothing',
    IntegrationMethod: 'a function is always invoked by POST',
  },

  deploy({ logicalId, type, properties }: Resource, context: StackContext): Promise<Identity> {
    const target = context.functions.get(String(properties['IntegrationUri']));
    const timeoutMs = Number(properties['TimeoutInMillis'] ?? INTEGRATION_TIMEOUT_MS);
    if (target === undefined) {
      context.report({ logicalId, type, property: 'IntegrationUri', message: 'is no function of the stack' });
    } else if (properties['IntegrationType'] !== 'AWS_PROXY' || properties['PayloadFormatVersion'] !== '2.0') {
      const message = 'only AWS_PROXY with payload format 2.0 is known here';
      context.report({ logicalId, type, property: 'PayloadFormatVersion', message });
    } else {
      context.integrations.set(logicalId, { function: target, timeoutMs } satisfies Integration);
    }
    return Promise.resolve({ ref: logicalId, attributes: { IntegrationId: logicalId } });
  },
};

export const route: ResourceFamily = {
  type: 'AWS::ApiGatewayV2::Route',
  honours: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType'],
  ignores: { OperationName: 'a name changes nothing' },

  deploy({ logicalId, type, properties }: Resource, context: StackContext): Promise<Identity> {
    const routed = context.integrations.get(String(properties['Target']).replace('integrations/', ''));
    if ((properties['AuthorizationType'] ?? 'NONE') !== 'NONE') {
      const message = 'the route is open here: no authorizer of API Gateway is known';
      context.report({ logicalId, type, property: 'AuthorizationType', message });
    }
    if (routed === undefined) {
      context.report({ logicalId, type, property: 'Target', message: 'is no integration that is known here' });
    } else {
      apiOf(properties, context).routes.add(String(properties['RouteKey']), routed);
    }
    return Promise.resolve({ ref: logicalId, attributes: { RouteId: logicalId } });
  },
};
