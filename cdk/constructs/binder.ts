import { isIPv4 } from 'node:net';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Capability,
  Cluster,
  type ContainerDefinition,
  ContainerImage,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  PropagatedTagSource,
} from 'aws-cdk-lib/aws-ecs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Account } from '../../shared/config/account.ts';
import type { Configuration } from '../config/schema.ts';
import { explainWildcard } from '../wildcard.ts';
import type { Keeping } from './keeping.ts';
import type { Network } from './network.ts';
import { Program } from './program.ts';

interface BinderProps {
  /** Directory of the image: the binder's bundle and its Dockerfile. */
  image: string;
  network: Network;
  size: Configuration['binder'];
  accounts: readonly Account[];
  /** Resolvers that are not Amazon's. */
  dnsServers: readonly string[];
  keeping: Keeping;
}

const HEALTH_PORT = '8080';
/** A task definition is at most 64 KiB of JSON (service quotas of ECS); the rest of it needs less than the difference. */
const MOST_VARIABLE_OCTETS = 60 * 1_024;

/** The container that holds the SMPP sessions. It calls out and listens to nobody. */
export class Binder extends Construct {
  readonly cluster: Cluster;
  readonly service: FargateService;
  readonly program: Program;
  #variableOctets = 0;

  constructor(scope: Construct, id: string, props: BinderProps) {
    super(scope, id);
    this.cluster = this.#cluster(props.network);
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: props.size.cpu,
      memoryLimitMiB: props.size.memoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    const container = this.#container(task, props);
    this.#acknowledge(task);
    this.program = new Program(task.taskRole, (name, value) => {
      this.#measure(name, value);
      container.addEnvironment(name, value);
    });
    this.program.tell('HEALTH_PORT', HEALTH_PORT);
    this.service = new FargateService(this, 'Service', {
      // CDK's own types differ under exactOptionalPropertyTypes.
      cluster: this.cluster as ICluster,
      taskDefinition: task,
      desiredCount: props.size.count,
      // A new binder stands by before an old one stops; which of them sends, the lease decides and not ECS.
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      circuitBreaker: { enable: true, rollback: true },
      assignPublicIp: props.network.assignPublicAddress,
      vpcSubnets: { subnets: props.network.subnets },
      securityGroups: [this.#firewall(props)],
      enableExecuteCommand: false,
      // Else the tasks, which are most of the bill, would have no tags of the stack.
      propagateTags: PropagatedTagSource.SERVICE,
    });
    // A task that starts before its way out exists would count as a failed deployment.
    this.service.node.addDependency(props.network);
  }

  /** ECS would refuse the task definition only in the middle of a deployment. */
  #measure(name: string, value: string): void {
    this.#variableOctets += Buffer.byteLength(JSON.stringify({ name, value }));
    if (this.#variableOctets <= MOST_VARIABLE_OCTETS) return;
    throw new Error(
      `the binder's environment has ${this.#variableOctets} octets of JSON with ${name}, and ECS takes ${MOST_VARIABLE_OCTETS}: ` +
        'configure fewer accounts in one stack, and deploy another stage for the others',
    );
  }

  #cluster({ vpc }: Network): Cluster {
    const cluster = new Cluster(this, 'Cluster', { vpc });
    Validations.of(cluster).acknowledge({
      id: 'AwsSolutions-ECS4',
      reason:
        'ECS counts CPU and memory of the service without it, and the metrics of Container Insights cost more than the task.',
    });
    return cluster;
  }

  #container(task: FargateTaskDefinition, props: BinderProps): ContainerDefinition {
    const logGroup = props.keeping.logGroup(this);
    return task.addContainer('Binder', {
      image: ContainerImage.fromAsset(props.image, { platform: Platform.LINUX_ARM64 }),
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: 'binder' }),
      user: 'node',
      readonlyRootFilesystem: true,
      linuxParameters: this.#withoutCapabilities(),
      // The longest that Fargate allows: the window drains, the session unbinds and the lease is released in this time.
      stopTimeout: Duration.seconds(120),
      healthCheck: {
        command: ['CMD', 'node', 'health.mjs'],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
    });
  }

  /** A normal user on ports above 1,023 needs none; the init process forwards signals and reaps what health checks leave. */
  #withoutCapabilities(): LinuxParameters {
    const parameters = new LinuxParameters(this, 'LinuxParameters', { initProcessEnabled: true });
    parameters.dropCapabilities(Capability.ALL);
    return parameters;
  }

  /**
   * No way in. Out: HTTPS to AWS, and the operators' ports, to one address where the configuration gives one. Amazon's DNS is
   * behind no security group; other resolvers are.
   */
  #firewall({ network, accounts, dnsServers }: BinderProps): SecurityGroup {
    const group = new SecurityGroup(this, 'Firewall', {
      vpc: network.vpc,
      description: 'Binder: nothing in, HTTPS and SMPP out',
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'AWS');
    for (const { name, url } of accounts) {
      const { hostname, port } = new URL(url);
      const peer = isIPv4(hostname) ? Peer.ipv4(`${hostname}/32`) : Peer.anyIpv4();
      group.addEgressRule(peer, Port.tcp(Number(port)), `SMPP of account ${name}`);
    }
    for (const address of dnsServers) {
      for (const port of [Port.udp(53), Port.tcp(53)]) group.addEgressRule(Peer.ipv4(`${address}/32`), port, 'DNS');
    }
    network.openEndpointsTo(group);
    return group;
  }

  #acknowledge(task: FargateTaskDefinition): void {
    const reason = 'ECS signs in to ECR with it before it fetches the image, and it knows no resource.';
    explainWildcard(task, { actions: ['ecr:GetAuthorizationToken'], reason });
    Validations.of(task).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason:
          'ECS fetches the image with ecr:GetAuthorizationToken, which knows no resource. The task role has no wildcard.',
      },
      {
        id: 'AwsSolutions-ECS2',
        reason:
          'The variables hold names, ARNs and configuration; credentials are read from their secret at each bind.',
      },
    );
  }
}
