import type { AlarmProperties } from '../../../cdk/local/cloudwatch/alarm.ts';

/** A value that may be an intrinsic function. */
type Value = unknown;

interface Keyed {
  KeySchema: { AttributeName: string }[];
}

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: Value;
}

export interface PolicyDocument {
  Statement: Statement[];
}

export interface Container {
  Environment: { Name: string; Value: Value }[];
  HealthCheck: { Command: string[] };
  StopTimeout: number;
  LinuxParameters: object;
}

export interface EgressRule {
  CidrIp: string;
  IpProtocol: string;
  FromPort: number;
  ToPort: number;
}

/** The properties that tests look at, by resource type. */
export interface Shapes {
  'AWS::ApiGatewayV2::Integration': { IntegrationUri: Value };
  'AWS::ApiGatewayV2::Route': { RouteKey: string; Target: Value };
  'AWS::ApiGatewayV2::Stage': { AccessLogSettings: { Format: string } };
  'AWS::CloudWatch::Alarm': AlarmProperties & { AlarmActions?: Value; OKActions?: Value };
  'AWS::CloudWatch::Dashboard': { DashboardName: Value; DashboardBody: Value };
  'AWS::DynamoDB::GlobalTable': Keyed & {
    GlobalSecondaryIndexes?: (Keyed & { IndexName: string; Projection: { ProjectionType: string } })[];
    StreamSpecification?: { StreamViewType: string };
  };
  'AWS::EC2::EIP': object;
  'AWS::EC2::FlowLog': object;
  'AWS::EC2::NatGateway': object;
  'AWS::EC2::SecurityGroup': { SecurityGroupEgress: EgressRule[]; VpcId: Value };
  'AWS::EC2::SecurityGroupIngress': object;
  'AWS::EC2::Subnet': { CidrBlock: string };
  'AWS::EC2::VPCEndpoint': { ServiceName: Value };
  'AWS::ECS::Service': { NetworkConfiguration: { AwsvpcConfiguration: Value } };
  'AWS::ECS::TaskDefinition': { ContainerDefinitions: Container[]; Family: string };
  'AWS::Events::EventBus': { Name: string };
  'AWS::Events::Rule': object;
  'AWS::IAM::Policy': { PolicyDocument: PolicyDocument; Roles: Value };
  'AWS::IAM::Role': object;
  'AWS::Lambda::EventInvokeConfig': object;
  'AWS::Lambda::EventSourceMapping': {
    EventSourceArn: Value;
    FilterCriteria: { Filters: { Pattern: string }[] };
    FunctionName: Value;
  };
  'AWS::Lambda::Function': {
    Environment: { Variables: Record<string, Value> };
    LoggingConfig: Value;
    RecursiveLoop?: string;
    Timeout: number;
  };
  'AWS::Lambda::Permission': { FunctionName: Value; SourceArn: Value };
  'AWS::Logs::LogGroup': { RetentionInDays: number };
  'AWS::SNS::Subscription': { Protocol: string; Endpoint: string };
  'AWS::SNS::Topic': { KmsMasterKeyId?: Value };
  'AWS::SNS::TopicPolicy': { PolicyDocument: PolicyDocument };
  'AWS::SQS::Queue': {
    QueueName?: string;
    VisibilityTimeout: number;
    RedrivePolicy?: { maxReceiveCount: number; deadLetterTargetArn: Value };
  };
  'AWS::SQS::QueuePolicy': { Queues: Value; PolicyDocument: PolicyDocument };
  'AWS::SecretsManager::Secret': object;
}

export interface Resource<P> {
  Type: string;
  Properties: P;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  DependsOn?: string[];
}
