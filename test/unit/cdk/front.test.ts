import { describe, expect, test } from 'vitest';
import { wildcard } from '../../../cdk/local/iam/patterns.ts';
import { Template } from './stack-under-test.ts';

const certificateArn = 'arn:aws:acm:ap-southeast-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef';
const named = (domain: Record<string, unknown>) =>
  new Template({ api: { domain: { name: 'sms.example.com', certificateArn, ...domain } } });

interface Loose {
  Type: string;
  Properties: Record<string, unknown>;
}

const propertiesOf = (template: Template, type: string) =>
  (template.all() as Loose[]).filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
const apiOf = (template: Template) => propertiesOf(template, 'AWS::ApiGatewayV2::Api')[0];
const urlOf = (template: Template) => template.text(template.outputs['ApiUrl']?.Value);

describe('the front of the API', () => {
  test('takes as many requests as the configuration says', () => {
    const [stage] = propertiesOf(
      new Template({ api: { requestsPerSecond: 700, burst: 50 } }),
      'AWS::ApiGatewayV2::Stage',
    );
    expect(stage).toMatchObject({ DefaultRouteSettings: { ThrottlingRateLimit: 700, ThrottlingBurstLimit: 50 } });
  });

  test('writes a log that says nothing of who called, or for whom', () => {
    const { AccessLogSettings: settings } = new Template().at('AWS::ApiGatewayV2::Stage', 'Api/Http/Stage').Properties;
    const variables = Object.values(JSON.parse(settings.Format) as Record<string, string>);
    expect(
      variables.filter((variable) => /identity|path|ip|query|header|authorizer|userAgent/i.test(variable)),
    ).toEqual([]);
    expect(variables).toContain('$context.routeKey');
  });

  test('has the address of AWS, and none else, by default', () => {
    expect(apiOf(new Template())).not.toHaveProperty('DisableExecuteApiEndpoint');
    expect(urlOf(new Template())).toBe('Api/Http.ApiEndpoint');
  });

  test('has a name of its own with records in the zone that is given, beside the address of AWS', () => {
    const template = named({ hostedZone: { id: 'Z0123456789ABC', name: 'example.com' } });
    expect(urlOf(template)).toBe('https://sms.example.com');
    expect(template.outputs).not.toHaveProperty('ApiDomainTarget');
    expect(apiOf(template)).toMatchObject({ DisableExecuteApiEndpoint: false });
    const [record] = propertiesOf(template, 'AWS::Route53::RecordSet');
    expect(record).toMatchObject({ HostedZoneId: 'Z0123456789ABC', Name: 'sms.example.com.', Type: 'A' });
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
  });

  test('says what to point its name at where there is no zone', () => {
    const template = named({});
    expect(propertiesOf(template, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(template.text(template.outputs['ApiDomainTarget']?.Value)).toBe('Api/Domain/Name.RegionalDomainName');
  });

  test('lets in none without a certificate where mutual TLS is asked for: the other door is closed', () => {
    const template = named({ mutualTls: { truststoreUri: 's3://example-trust/a/b.pem' } });
    expect(propertiesOf(template, 'AWS::ApiGatewayV2::DomainName')).toEqual([
      expect.objectContaining({ MutualTlsAuthentication: { TruststoreUri: 's3://example-trust/a/b.pem' } }),
    ]);
    expect(apiOf(template)).toMatchObject({ DisableExecuteApiEndpoint: true });
  });

  test('closes the address of AWS where it is told to', () => {
    expect(apiOf(named({ defaultAddress: false }))).toMatchObject({ DisableExecuteApiEndpoint: true });
  });

  test('reaches the function of each route; the default one has no path, so its permission must have none', () => {
    const template = new Template();
    const permissions = template.ofType('AWS::Lambda::Permission').map(([, { Properties }]) => ({
      target: template.text(Properties.FunctionName),
      calls: wildcard(String(template.text(Properties.SourceArn)).replace(/^.*:Api\/Http\//, '')),
    }));
    const closed = template.ofType('AWS::ApiGatewayV2::Route').filter(([, { Properties }]) => {
      const place = String(template.text(Properties.Target)).replace('integrations/', '');
      const { IntegrationUri } = template.at('AWS::ApiGatewayV2::Integration', place).Properties;
      const call = `$default/${Properties.RouteKey.replace(' ', '')}`;
      return !permissions.some(({ target, calls }) => target === template.text(IntegrationUri) && calls.matches(call));
    });
    expect(closed.map(([, { Properties }]) => Properties.RouteKey)).toEqual([]);
  });
});
