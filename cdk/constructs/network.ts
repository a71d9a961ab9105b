import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  type ISubnet,
  type IVpc,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';

interface NetworkProps {
  vpc: Configuration['vpc'];
  logRetention: RetentionDays;
}

/** Where the binder runs: it only ever calls out, so every choice is about how. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly assignPublicAddress: boolean;

  constructor(scope: Construct, id: string, { vpc, logRetention }: NetworkProps) {
    super(scope, id);
    if (vpc.kind === 'existing') {
      // The zones play no part: the task is put into the subnets that are named.
      this.vpc = Vpc.fromVpcAttributes(this, 'Vpc', { vpcId: vpc.vpcId, availabilityZones: ['any'] });
      this.subnets = vpc.subnetIds.map((subnetId) => Subnet.fromSubnetId(this, subnetId, subnetId));
      Validations.of(this).acknowledge({
        id: '@aws-cdk/aws-ec2:noSubnetRouteTableId',
        reason: "The routes of an existing subnet are its owner's; nothing here reads or changes them.",
      });
      this.assignPublicAddress = vpc.assignPublicAddress;
      return;
    }
    const created = this.#create(vpc.kind === 'nat', logRetention);
    // CDK's own types differ under exactOptionalPropertyTypes.
    this.vpc = created as IVpc;
    this.subnets = vpc.kind === 'nat' ? created.privateSubnets : created.publicSubnets;
    this.assignPublicAddress = vpc.kind === 'public';
  }

  #create(nat: boolean, logRetention: RetentionDays): Vpc {
    const open = { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false };
    const inner = { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.88.0.0/22'),
      maxAzs: 2,
      // One gateway, not one a zone: operators list one address, and a second costs more than the binder.
      natGateways: nat ? 1 : 0,
      subnetConfiguration: nat ? [open, inner] : [open],
      // DynamoDB is most of the binder's traffic, and this endpoint is free.
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    const logGroup = new LogGroup(this, 'FlowLog', { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
    vpc.addFlowLog('FlowLog', { destination: FlowLogDestination.toCloudWatchLogs(logGroup) });
    return vpc;
  }
}
