import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import { explainWildcard } from '../wildcard.ts';
import { ApiDomain } from './api-domain.ts';
import type { Keeping } from './keeping.ts';

interface ApiProps {
  name: string;
  handlers: Record<'send' | 'query' | 'manage' | 'docs', IFunction>;
  front: Configuration['api'];
  keeping: Keeping;
}

const { GET, POST, PATCH, DELETE } = HttpMethod;

const ROUTES: readonly { path: string; methods: HttpMethod[]; handler: keyof ApiProps['handlers'] }[] = [
  { path: '/v1/messages', methods: [POST], handler: 'send' },
  { path: '/v1/messages', methods: [GET], handler: 'query' },
  { path: '/v1/messages/preview', methods: [POST], handler: 'send' },
  { path: '/v1/messages/{id}', methods: [GET], handler: 'query' },
  { path: '/v1/messages/{id}/cancel', methods: [POST], handler: 'send' },
  { path: '/v1/messages/{id}/callback-attempts', methods: [GET], handler: 'query' },
  { path: '/v1/messages/{id}/feedback', methods: [POST], handler: 'manage' },
  { path: '/v1/lanes', methods: [GET], handler: 'query' },
  { path: '/v1/usage', methods: [GET], handler: 'query' },
  { path: '/v1/usage/senders', methods: [GET], handler: 'query' },
  { path: '/v1/status', methods: [GET], handler: 'query' },
  { path: '/v1/inbound-messages', methods: [GET], handler: 'query' },
  { path: '/v1/inbound-messages/{id}', methods: [GET], handler: 'query' },
  { path: '/v1/callbacks', methods: [GET], handler: 'manage' },
  { path: '/v1/callbacks/enable', methods: [POST], handler: 'manage' },
  { path: '/v1/callbacks/rotate', methods: [POST], handler: 'manage' },
  { path: '/v1/recipients/erase', methods: [POST], handler: 'manage' },
  { path: '/v1/batches', methods: [POST], handler: 'send' },
  { path: '/v1/batches', methods: [GET], handler: 'query' },
  { path: '/v1/batches/{id}', methods: [GET], handler: 'query' },
  { path: '/v1/batches/{id}/pause', methods: [POST], handler: 'send' },
  { path: '/v1/batches/{id}/resume', methods: [POST], handler: 'send' },
  { path: '/v1/batches/{id}/cancel', methods: [POST], handler: 'send' },
  { path: '/v1/keys', methods: [POST, GET], handler: 'manage' },
  { path: '/v1/keys/{id}', methods: [DELETE], handler: 'manage' },
  { path: '/v1/keys/{id}/rotate', methods: [POST], handler: 'manage' },
  { path: '/v1/webhook-endpoints', methods: [POST, GET], handler: 'manage' },
  { path: '/v1/webhook-endpoints/{id}', methods: [GET, PATCH, DELETE], handler: 'manage' },
  { path: '/v1/webhook-endpoints/{id}/rotate', methods: [POST], handler: 'manage' },
  { path: '/v1/webhook-endpoints/{id}/attempts', methods: [GET], handler: 'manage' },
  { path: '/v1/webhook-endpoints/{id}/test', methods: [POST], handler: 'manage' },
  { path: '/v1/webhook-endpoints/{id}/replay', methods: [POST], handler: 'manage' },
  { path: '/v1/opt-outs', methods: [POST, GET], handler: 'manage' },
  { path: '/v1/opt-outs/import', methods: [POST], handler: 'manage' },
  { path: '/v1/opt-outs/export', methods: [GET], handler: 'manage' },
  { path: '/v1/opt-outs/{number}', methods: [DELETE], handler: 'manage' },
  { path: '/openapi.json', methods: [GET], handler: 'docs' },
  { path: '/docs', methods: [GET], handler: 'docs' },
  { path: '/docs/errors', methods: [GET], handler: 'docs' },
];

/** The route, not the path, and no address of a caller: an access log holds no personal data (promise P9). */
const ACCESS_LOG = {
  time: '$context.requestTimeEpoch',
  request_id: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  response_length: '$context.responseLength',
  response_latency_ms: '$context.responseLatency',
  integration_latency_ms: '$context.integrationLatency',
  integration_error: '$context.integrationErrorMessage',
};

/** For all routes with a path, and not for each: a stack has at most 500 resources, and each account needs more than thirty. */
const ONE_PERMISSION = { scopePermissionToRoute: false };

/** The HTTPS API. Callers are known by the Bearer key that each function checks before anything else. */
export class Api extends Construct {
  readonly api: HttpApi;
  /** Where callers find it. */
  readonly url: string;
  /** What the API's own name must point at, where the stack has no zone to write it into. */
  readonly domainTarget: string | undefined;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const integrations = {
      send: new HttpLambdaIntegration('Send', props.handlers.send, ONE_PERMISSION),
      query: new HttpLambdaIntegration('Query', props.handlers.query, ONE_PERMISSION),
      manage: new HttpLambdaIntegration('Manage', props.handlers.manage, ONE_PERMISSION),
      docs: new HttpLambdaIntegration('Docs', props.handlers.docs, ONE_PERMISSION),
    };
    const { requestsPerSecond, burst, domain: named } = props.front;
    const domain = named && new ApiDomain(this, 'Domain', named);
    this.domainTarget = domain?.target;
    this.api = new HttpApi(this, 'Http', {
      apiName: props.name,
      createDefaultStage: false,
      // Who has no certificate must find no other door.
      ...(named && { disableExecuteApiEndpoint: named.mutualTls !== undefined || named.defaultAddress === false }),
      // What has no route is answered with a problem, too.
      defaultIntegration: integrations.docs,
    });
    const accessLog = props.keeping.logGroup(this, 'AccessLog');
    this.api.addStage('Stage', {
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: requestsPerSecond, burstLimit: burst },
      ...(domain && { domainMapping: { domainName: domain.name } }),
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    this.url = named === undefined ? this.api.apiEndpoint : `https://${named.name}`;
    // The one permission is for `*/*/*`, and the place of the default route has no third part: it would be refused.
    const defaultRoute = { service: 'execute-api', resource: this.api.apiId, resourceName: '*/$default' };
    props.handlers.docs.addPermission('DefaultRoute', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: Stack.of(this).formatArn(defaultRoute),
    });
    for (const { path, methods, handler } of ROUTES) {
      this.api.addRoutes({ path, methods, integration: integrations[handler] });
    }
    for (const allowed of [this.api, props.handlers.docs]) {
      explainWildcard(allowed, {
        actions: ['lambda:InvokeFunction'],
        reason: 'It is bound to this API; stage, method and path are the routes’ own, which lead nowhere else.',
      });
    }
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'Every function checks the Bearer key against its stored hash and scopes; a second authorizer would read the same item again.',
    });
  }
}
