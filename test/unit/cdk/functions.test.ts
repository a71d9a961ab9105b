import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../../cdk/bundle.ts';
import { compileFilterCriteria } from '../../../cdk/local/aws/patterns.ts';
import { Template } from './stack-under-test.ts';

const template = new Template({ retention: { logsDays: 90 } });
const triggerOf = (place: string) => template.at('AWS::Lambda::EventSourceMapping', place).Properties;

describe('functions', () => {
  test('every function runs Node 24 on arm64 from its bundle and logs to a group of its own', () => {
    const functions = template.ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(FUNCTIONS.length);
    for (const [place, { Properties: properties }] of functions) {
      expect(properties, place).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      expect(template.text(properties.LoggingConfig)).toEqual({ LogGroup: place.replace(/Function$/, 'Log') });
      expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });

  test('every log group is kept as long as configured', () => {
    const groups = template.ofType('AWS::Logs::LogGroup');
    // Each function's, and those of the binder, the API and the VPC.
    expect(groups).toHaveLength(FUNCTIONS.length + 3);
    for (const [place, group] of groups) expect(group.Properties.RetentionInDays, place).toBe(90);
  });
});

describe('triggers', () => {
  test.each([
    ['apply-receipts', 'Storage/Receipts/Table', ['INSERT']],
    ['publish-events', 'Storage/Messages/Table', ['INSERT', 'MODIFY']],
  ])(
    '%s gets the changes of %s in order, without losing or repeating a whole batch for one record',
    (name, table, events) => {
      const own = `Functions/${name}/Function`;
      const trigger = triggerOf(`${own}/Stream`);
      expect(trigger.FilterCriteria.Filters).toEqual([{ Pattern: JSON.stringify({ eventName: events }) }]);
      expect(template.text(trigger)).toMatchObject({
        FunctionName: own,
        EventSourceArn: `${table}.StreamArn`,
        StartingPosition: 'TRIM_HORIZON',
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: `${own}/Parked.Arn` } },
        // A stream keeps its records for 24 h, and what is parked must still be readable there for a while.
        MaximumRecordAgeInSeconds: 6 * 3600,
      });
      // How many tries six hours are Lambda does not say.
      expect(trigger).not.toHaveProperty('MaximumRetryAttempts');
      expect(template.text(template.at('AWS::Lambda::Function', own).Properties)).toMatchObject({
        Environment: { Variables: { PARKED_QUEUE_URL: `${own}/Parked` } },
      });
    },
  );

  test('publish-events is called for histories and opt-outs of the control table, and for nothing else that is written there', () => {
    const trigger = triggerOf('Functions/publish-events/Function/ControlStream');
    const matches = compileFilterCriteria(trigger.FilterCriteria);
    const record = (eventName: string, pk: string) => ({ eventName, dynamodb: { Keys: { pk: { S: pk } } } });
    const heard = [
      record('INSERT', 'event#smpp-asia'),
      record('MODIFY', 'event#smpp-asia'),
      record('INSERT', 'optout#smpp-asia'),
      record('REMOVE', 'optout#smpp-asia'),
    ];
    const others = [
      'lease#a',
      'heartbeat',
      'idempotency#1',
      'rate#1',
      'usage#a',
      'report#a',
      'apikey',
      'webhook-attempt#1',
    ];
    const unheard = [record('REMOVE', 'event#smpp-asia'), ...others.map((pk) => record('MODIFY', pk))];
    expect(heard.filter((each) => !matches(each))).toEqual([]);
    expect(unheard.filter((each) => matches(each))).toEqual([]);
    expect(template.text(trigger)).toMatchObject({
      EventSourceArn: 'Storage/Control/Table.StreamArn',
      DestinationConfig: { OnFailure: { Destination: 'Functions/publish-events/Function/ControlParked.Arn' } },
    });
  });

  test.each([
    ['deliver-webhook', 'Events/Webhooks'],
    ['feed-batches', 'Feed/Steps'],
  ])('%s gets the queue %s and answers for each of its messages alone', (name, queue) => {
    expect(template.text(triggerOf(`Functions/${name}/Function/Queue`))).toMatchObject({
      FunctionName: `Functions/${name}/Function`,
      EventSourceArn: `${queue}/Queue.Arn`,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  test('Lambda breaks no loop that is meant: who sends into the queue that calls him may call himself for as long as it takes', () => {
    const mappings = template.ofType('AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
    const callsItself = (place: string): boolean => {
      const { PolicyDocument } = template.at(
        'AWS::IAM::Policy',
        place.replace(/Function$/, 'Role/DefaultPolicy'),
      ).Properties;
      const sends = PolicyDocument.Statement.filter(({ Action }) => [Action].flat().includes('sqs:SendMessage'));
      const queues = sends.flatMap(({ Resource }) => template.texts(Resource));
      const sources = mappings.filter(({ FunctionName }) => template.text(FunctionName) === place);
      return sources.some(({ EventSourceArn }) => queues.includes(String(template.text(EventSourceArn))));
    };
    const functions = template.ofType('AWS::Lambda::Function');
    const loops = functions.filter(([place]) => callsItself(place)).map(([place]) => place);
    const allowed = functions
      .filter(([, { Properties }]) => Properties.RecursiveLoop === 'Allow')
      .map(([place]) => place);
    expect(loops).toEqual(['Functions/deliver-webhook/Function', 'Functions/feed-batches/Function']);
    expect(allowed).toEqual(loops);
  });

  test('sweep runs each minute, ends before the next run, and a failed run is not repeated beside it', () => {
    const rules = template.ofType('AWS::Events::Rule');
    expect(rules).toHaveLength(1);
    expect(template.text(rules[0]?.[1].Properties)).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ Arn: 'Functions/sweep/Function.Arn', RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
    expect(template.at('AWS::Lambda::Function', 'Functions/sweep/Function').Properties.Timeout).toBeLessThan(60);
    const invocations = template.ofType('AWS::Lambda::EventInvokeConfig').map(([, config]) => config.Properties);
    expect(invocations).toEqual([expect.objectContaining({ MaximumRetryAttempts: 0 })]);
  });

  test('every trigger is one of these', () => {
    expect(template.ofType('AWS::Lambda::EventSourceMapping')).toHaveLength(6);
  });
});

describe('API', () => {
  test('every route leads to the function with the privilege for it', () => {
    const routes = template.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties: route }]) => {
      const place = template.texts(route.Target).join().replace('integrations/', '');
      const integration = template.at('AWS::ApiGatewayV2::Integration', place).Properties;
      return [route.RouteKey, template.text(integration.IntegrationUri)];
    });
    const to = (name: string): string => `Functions/${name}/Function.Arn`;
    expect(Object.fromEntries(routes)).toEqual({
      'POST /v1/messages': to('send'),
      'POST /v1/batches': to('send'),
      'GET /v1/batches': to('query'),
      'GET /v1/batches/{id}': to('query'),
      'POST /v1/batches/{id}/pause': to('send'),
      'POST /v1/batches/{id}/resume': to('send'),
      'POST /v1/batches/{id}/cancel': to('send'),
      'GET /v1/messages': to('query'),
      'POST /v1/messages/preview': to('send'),
      'GET /v1/messages/{id}': to('query'),
      'POST /v1/messages/{id}/cancel': to('send'),
      'GET /v1/messages/{id}/callback-attempts': to('query'),
      'GET /v1/lanes': to('query'),
      'POST /v1/messages/{id}/feedback': to('manage'),
      'GET /v1/usage': to('query'),
      'GET /v1/usage/senders': to('query'),
      'GET /v1/status': to('query'),
      'GET /v1/inbound-messages': to('query'),
      'GET /v1/inbound-messages/{id}': to('query'),
      'GET /openapi.json': to('docs'),
      'GET /docs': to('docs'),
      'GET /docs/errors': to('docs'),
      $default: to('docs'),
      'GET /v1/callbacks': to('manage'),
      'POST /v1/callbacks/enable': to('manage'),
      'POST /v1/callbacks/rotate': to('manage'),
      'POST /v1/recipients/erase': to('manage'),
      'POST /v1/keys': to('manage'),
      'GET /v1/keys': to('manage'),
      'DELETE /v1/keys/{id}': to('manage'),
      'POST /v1/keys/{id}/rotate': to('manage'),
      'POST /v1/webhook-endpoints': to('manage'),
      'GET /v1/webhook-endpoints': to('manage'),
      'GET /v1/webhook-endpoints/{id}': to('manage'),
      'PATCH /v1/webhook-endpoints/{id}': to('manage'),
      'DELETE /v1/webhook-endpoints/{id}': to('manage'),
      'POST /v1/webhook-endpoints/{id}/rotate': to('manage'),
      'GET /v1/webhook-endpoints/{id}/attempts': to('manage'),
      'POST /v1/webhook-endpoints/{id}/test': to('manage'),
      'POST /v1/webhook-endpoints/{id}/replay': to('manage'),
      'POST /v1/opt-outs': to('manage'),
      'GET /v1/opt-outs': to('manage'),
      'POST /v1/opt-outs/import': to('manage'),
      'GET /v1/opt-outs/export': to('manage'),
      'DELETE /v1/opt-outs/{number}': to('manage'),
    });
    for (const [, integration] of template.ofType('AWS::ApiGatewayV2::Integration')) {
      expect(integration.Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
  });

  test('the access log names the route, but neither the path with its ids nor the address of the caller', () => {
    const [stage] = template.ofType('AWS::ApiGatewayV2::Stage');
    const format = stage?.[1].Properties.AccessLogSettings.Format;
    expect(format).toContain('$context.routeKey');
    expect(format).not.toMatch(/sourceIp|\$context\.path|authorizer|identity/);
  });
});
