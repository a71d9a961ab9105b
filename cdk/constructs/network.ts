import {
  CfnEIP,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  NatProvider,
  Port,
  SecurityGroup,
  Subnet,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { INTERFACE_ENDPOINTS } from '../config/network-schema.ts';
import type { Configuration } from '../config/schema.ts';
import type { Keeping } from './keeping.ts';

interface NetworkProps {
  vpc: Configuration['vpc'];
  keeping: Keeping;
}

type NewVpc = Exclude<Configuration['vpc'], { kind: 'existing' }>;

const { SQS, SECRETS_MANAGER, CLOUDWATCH_LOGS, ECR, ECR_DOCKER } = InterfaceVpcEndpointAwsService;
const ENDPOINT_SERVICES: Record<(typeof INTERFACE_ENDPOINTS)[number], readonly InterfaceVpcEndpointAwsService[]> = {
  sqs: [SQS],
  secretsmanager: [SECRETS_MANAGER],
  logs: [CLOUDWATCH_LOGS],
  // The manifest and the layers of an image come from different services, the layers' content from S3.
  ecr: [ECR, ECR_DOCKER],
};

/** Where the binder runs: it only ever calls out, so every choice is about how. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: ISubnet[];
  readonly assignPublicAddress: boolean;
  /** The one address that operators see, where the stack made it. */
  readonly sourceAddress: string | undefined;
  readonly #endpointGroup: SecurityGroup | undefined;

  constructor(scope: Construct, id: string, { vpc, keeping }: NetworkProps) {
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
    const address = vpc.kind === 'nat' && vpc.allocationId === undefined ? this.#makeAddress(keeping) : undefined;
    this.sourceAddress = address?.attrPublicIp;
    const created = this.#create(vpc, address?.attrAllocationId, keeping);
    // CDK's own types differ under exactOptionalPropertyTypes.
    this.vpc = created as IVpc;
    this.subnets = vpc.kind === 'nat' ? created.privateSubnets : created.publicSubnets;
    this.assignPublicAddress = vpc.kind === 'public';
    this.#endpointGroup = this.#makeEndpoints(created, vpc.interfaceEndpoints);
  }

  /** Lets what is in `group`, and nothing else, reach the interface endpoints. Without any of them the VPC has no rule for anything to come in. */
  openEndpointsTo(group: ISecurityGroup): void {
    this.#endpointGroup?.addIngressRule(group, Port.tcp(443), 'The binder');
  }

  /** It stays when the stack goes: operators have it on their lists, and a new one would take them days. */
  #makeAddress({ onceMadePolicy }: Keeping): CfnEIP {
    const address = new CfnEIP(this, 'SourceAddress', { domain: 'vpc' });
    address.applyRemovalPolicy(onceMadePolicy);
    return address;
  }

  #create(vpc: NewVpc, madeAllocationId: string | undefined, keeping: Keeping): Vpc {
    // Of one size, so that the public ones stay where they are when private ones are put beside them or taken away: EC2 can't
    // make a subnet over one that is still there, and the update would fail.
    const cidrMask = 24;
    const open = { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask };
    const inner = { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask };
    const allocationId = vpc.kind === 'nat' ? (vpc.allocationId ?? madeAllocationId) : undefined;
    const created = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.88.0.0/22'),
      maxAzs: 2,
      // One gateway, not one a zone: operators list one address, and a second costs more than the binder.
      natGateways: allocationId === undefined ? 0 : 1,
      ...(allocationId !== undefined && {
        natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [allocationId] }),
      }),
      subnetConfiguration: allocationId === undefined ? [open] : [open, inner],
      // Both are free. DynamoDB is most of the binder's traffic, and the layers of its image come from S3.
      gatewayEndpoints: {
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        S3: { service: GatewayVpcEndpointAwsService.S3 },
      },
    });
    created.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(keeping.logGroup(this, 'FlowLog')),
    });
    return created;
  }

  #makeEndpoints(vpc: Vpc, names: NewVpc['interfaceEndpoints']): SecurityGroup | undefined {
    if (names.length === 0) return undefined;
    const description = 'Interface endpoints: HTTPS from the binder, nothing out';
    const group = new SecurityGroup(this, 'EndpointGroup', { vpc: vpc as IVpc, description, allowAllOutbound: false });
    for (const service of new Set(names.flatMap((name) => ENDPOINT_SERVICES[name]))) {
      vpc.addInterfaceEndpoint(`Endpoint-${service.shortName}`, {
        service,
        subnets: { subnets: this.subnets },
        securityGroups: [group],
        open: false,
      });
    }
    return group;
  }
}
