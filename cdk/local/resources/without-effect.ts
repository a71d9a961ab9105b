import { arn } from '../aws/arn.ts';
import type { Identity, Resource } from './resource.ts';

const NETWORK = 'the network is this machine’s loopback';
const LOGS = 'logs are files of the state folder';
const NAMES = 'the API is called by its port here';
const NOTIFICATIONS = 'nobody is called here; the view shows which alarms are raised';
const DELIVERIES = 'no service of AWS writes logs here';

const SCHEMAS = 'schemas describe events and change none';

/** The types of resources that the local stack leaves out on purpose, with the reason of each. Any other unknown type is reported. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::ApiMapping': NAMES,
  'AWS::ApiGatewayV2::DomainName': NAMES,
  'AWS::EventSchemas::Registry': SCHEMAS,
  'AWS::EventSchemas::Schema': SCHEMAS,
  'AWS::Events::Archive': 'every event of a bus is in events.jsonl of the state folder',
  'AWS::CDK::Metadata': 'says which CDK made the template',
  'AWS::CloudWatch::Dashboard': 'the view of the local stack stands in its place',
  'AWS::EC2::EIP': NETWORK,
  'AWS::EC2::InternetGateway': NETWORK,
  'AWS::EC2::NatGateway': NETWORK,
  'AWS::EC2::Route': NETWORK,
  'AWS::EC2::RouteTable': NETWORK,
  'AWS::EC2::SecurityGroup': NETWORK,
  'AWS::EC2::SecurityGroupEgress': NETWORK,
  'AWS::EC2::SecurityGroupIngress': NETWORK,
  'AWS::EC2::Subnet': NETWORK,
  'AWS::EC2::SubnetRouteTableAssociation': NETWORK,
  'AWS::EC2::VPC': NETWORK,
  'AWS::EC2::VPCEndpoint': NETWORK,
  'AWS::EC2::VPCGatewayAttachment': NETWORK,
  'AWS::ECS::Cluster': 'the tasks of every service run on this machine',
  'AWS::KMS::Alias': 'nothing is encrypted here',
  'AWS::Logs::LogGroup': LOGS,
  'AWS::Logs::ResourcePolicy': DELIVERIES,
  'AWS::Route53::RecordSet': NAMES,
  'AWS::SNS::Subscription': NOTIFICATIONS,
  'AWS::SNS::Topic': NOTIFICATIONS,
  'AWS::SNS::TopicPolicy': NOTIFICATIONS,
};

function arnOf({ type, logicalId }: Resource): string {
  if (type === 'AWS::Logs::LogGroup') return arn('logs', `log-group:${logicalId}:*`);
  const [, service = '', kind = ''] = type.split('::');
  return arn(service.toLowerCase(), `${kind.toLowerCase()}/${logicalId}`);
}

/** What the rest of the template sees of such a resource: made-up names that are the same at each start. */
export function identityWithoutEffect(resource: Resource): Identity {
  const { logicalId } = resource;
  return {
    ref: logicalId,
    attributes: { Arn: arnOf(resource) },
    inventAttribute: (attribute) => `${logicalId}.${attribute}`,
  };
}
