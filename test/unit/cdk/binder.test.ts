import { describe, expect, test } from 'vitest';
import { Template } from './stack-under-test.ts';

const template = new Template();
const task = template.at('AWS::ECS::TaskDefinition', 'Binder/Task').Properties;
const [container] = task.ContainerDefinitions;
const service = template.at('AWS::ECS::Service', 'Binder/Service/Service');

/** Where the task of a template runs. */
function placement(of: Template): unknown {
  const { NetworkConfiguration: network } = of.at('AWS::ECS::Service', 'Binder/Service/Service').Properties;
  return of.text(network.AwsvpcConfiguration);
}

describe('binder', () => {
  test('the task is the smallest that Fargate has, on arm64', () => {
    expect(task).toMatchObject({
      Cpu: '256',
      Memory: '512',
      RequiresCompatibilities: ['FARGATE'],
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
    });
  });

  test('the container is a normal user on a read-only root, without a port', () => {
    expect(task.ContainerDefinitions).toHaveLength(1);
    expect(container).toMatchObject({ User: 'node', ReadonlyRootFilesystem: true });
    expect(container?.LinuxParameters).toEqual({ Capabilities: { Drop: ['ALL'] }, InitProcessEnabled: true });
    for (const absent of ['PortMappings', 'Privileged', 'Secrets', 'MountPoints']) {
      expect(container).not.toHaveProperty(absent);
    }
  });

  test('it has 120 s to drain and unbind, and is asked for its health', () => {
    expect(container?.StopTimeout).toBe(120);
    expect(container?.HealthCheck.Command).toEqual(['CMD', 'node', 'health.mjs']);
  });

  test('accounts that ECS would not take are refused when the stack is made, with what to do', () => {
    // Lambda has its own, lower limit: the words are the only part that the binder alone is told.
    const words = Object.fromEntries(
      Array.from({ length: 800 }, (_, i) => [`0x${(0x500 + i).toString(16)}`, 'w'.repeat(80)]),
    );
    const accounts = [{ profile: 'smpp-asia', statuses: { words } }];

    expect(() => new Template({ accounts })).toThrow(/BINDER_ACCOUNTS, and ECS takes 61440: configure fewer accounts/);
  });

  test('a deploy starts the new binder before it stops the old one, and rolls back when it does not become healthy', () => {
    expect(service.Properties).toMatchObject({
      DesiredCount: 1,
      EnableExecuteCommand: false,
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
    });
  });

  test('it waits for its way out before it starts', () => {
    const dependencies = service.DependsOn?.join();
    expect(dependencies).toMatch(/NetworkVpcPublicSubnet1DefaultRoute/);
  });

  test('nothing reaches it, and it reaches HTTPS and the port of its operator only', () => {
    const groups = template.ofType('AWS::EC2::SecurityGroup');
    expect(groups.map(([place]) => place)).toEqual(['Binder/Firewall']);
    const rules = template.at('AWS::EC2::SecurityGroup', 'Binder/Firewall').Properties;
    expect(rules).not.toHaveProperty('SecurityGroupIngress');
    expect(template.ofType('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    const out = rules.SecurityGroupEgress.map((rule) => [rule.IpProtocol, rule.FromPort, rule.ToPort]);
    expect(out).toEqual([
      ['tcp', 443, 443],
      ['tcp', 2558, 2558],
    ]);
  });

  test('an operator that is an address is the only one that it reaches on that port', () => {
    const local = new Template({ operatorUrl: 'smpp://203.0.113.7:2775' });
    expect(local.at('AWS::EC2::SecurityGroup', 'Binder/Firewall').Properties.SecurityGroupEgress).toContainEqual(
      expect.objectContaining({ CidrIp: '203.0.113.7/32', FromPort: 2775, ToPort: 2775 }),
    );
  });
});

describe('network', () => {
  test('by default: two public subnets, no NAT gateway, DynamoDB and S3 by free endpoints, a flow log', () => {
    expect(template.ofType('AWS::EC2::Subnet')).toHaveLength(2);
    expect(template.ofType('AWS::EC2::NatGateway')).toEqual([]);
    expect(template.ofType('AWS::EC2::FlowLog')).toHaveLength(1);
    const endpoints = template.ofType('AWS::EC2::VPCEndpoint').map(([, { Properties }]) => Properties);
    const gateway = expect.objectContaining({ VpcEndpointType: 'Gateway' });
    expect(endpoints).toEqual([gateway, gateway]);
    expect(template.text(endpoints[0]?.ServiceName)).toMatch(/\.dynamodb$/);
    expect(template.text(endpoints[1]?.ServiceName)).toMatch(/\.s3$/);
    expect(placement(template)).toMatchObject({
      AssignPublicIp: 'ENABLED',
      Subnets: ['Network/Vpc/PublicSubnet1/Subnet', 'Network/Vpc/PublicSubnet2/Subnet'],
    });
  });

  test('nat: private subnets behind one gateway, which has the one address that an operator can list', () => {
    const nat = new Template({ vpc: { kind: 'nat' } });
    expect(nat.ofType('AWS::EC2::NatGateway')).toHaveLength(1);
    expect(nat.ofType('AWS::EC2::EIP')).toHaveLength(1);
    expect(placement(nat)).toMatchObject({
      AssignPublicIp: 'DISABLED',
      Subnets: ['Network/Vpc/PrivateSubnet1/Subnet', 'Network/Vpc/PrivateSubnet2/Subnet'],
    });
  });

  test('public may become nat and go back: no subnet is made over one that is there', () => {
    const subnetsOf = (of: Template) =>
      of.ofType('AWS::EC2::Subnet').map(([place, { Properties }]) => [place, Properties.CidrBlock]);
    const nat = subnetsOf(new Template({ vpc: { kind: 'nat' } }));
    expect(nat).toHaveLength(4);
    expect(nat).toEqual(expect.arrayContaining(subnetsOf(template)));
  });

  test("nat: the address is the stack's, told in an output and kept, or one that is there already", () => {
    const made = new Template({ vpc: { kind: 'nat' } });
    expect(made.text(made.outputs['SourceAddress']?.Value)).toBe('Network/SourceAddress.PublicIp');
    const vpc = { kind: 'nat', allocationId: 'eipalloc-0123456789abcdef0' };
    const given = new Template({ vpc });
    expect(given.ofType('AWS::EC2::EIP')).toEqual([]);
    const [[, gateway] = []] = given.ofType('AWS::EC2::NatGateway');
    expect(gateway?.Properties).toMatchObject({ AllocationId: 'eipalloc-0123456789abcdef0' });
    expect(given.outputs).not.toHaveProperty('SourceAddress');
  });

  test('interface endpoints let in HTTPS from the binder and nothing else; without them the VPC lets in nothing', () => {
    expect(template.ofType('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    const inside = new Template({ vpc: { kind: 'public', interfaceEndpoints: ['sqs', 'ecr'] } });
    expect(inside.ofType('AWS::EC2::VPCEndpoint')).toHaveLength(2 + 3);
    const rules = inside.ofType('AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => inside.text(Properties));
    expect(rules).toEqual([
      expect.objectContaining({
        FromPort: 443,
        ToPort: 443,
        SourceSecurityGroupId: 'Binder/Firewall.GroupId',
        GroupId: 'Network/EndpointGroup.GroupId',
      }),
    ]);
    for (const [, { Properties }] of inside.ofType('AWS::EC2::SecurityGroup')) {
      expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    }
  });

  test("existing: resolvers that are not Amazon's are reached at port 53", () => {
    const vpc = { kind: 'existing', vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], dnsServers: ['10.0.0.2'] };
    const rules = new Template({ vpc }).at('AWS::EC2::SecurityGroup', 'Binder/Firewall').Properties;
    const dns = rules.SecurityGroupEgress.filter(({ FromPort }) => FromPort === 53);
    expect(dns.map(({ CidrIp, IpProtocol }) => [CidrIp, IpProtocol])).toEqual([
      ['10.0.0.2/32', 'udp'],
      ['10.0.0.2/32', 'tcp'],
    ]);
  });

  test('existing: nothing of the network is created, and the task goes into the subnets that are named', () => {
    const vpc = { kind: 'existing', vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd', 'subnet-4567abcd'] };
    const existing = new Template({ vpc });
    const types = existing.all().map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::EC2::'))).toEqual(['AWS::EC2::SecurityGroup']);
    expect(existing.at('AWS::EC2::SecurityGroup', 'Binder/Firewall').Properties.VpcId).toBe('vpc-0123abcd');
    expect(placement(existing)).toMatchObject({
      AssignPublicIp: 'DISABLED',
      Subnets: ['subnet-0123abcd', 'subnet-4567abcd'],
    });
  });
});
