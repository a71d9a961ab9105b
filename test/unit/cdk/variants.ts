const certificateArn = 'arn:aws:acm:ap-southeast-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef';

/** Configurations that between them make every resource that the stack can have. */
export const VARIANTS: Readonly<Record<string, Record<string, unknown>>> = {
  shipped: {},
  'own key, fixed address, endpoints inside, mutual TLS': {
    encryption: { kind: 'own' },
    vpc: { kind: 'nat', interfaceEndpoints: ['sqs', 'secretsmanager', 'logs', 'ecr'] },
    api: {
      domain: {
        name: 'sms.example.com',
        certificateArn,
        hostedZone: { id: 'Z0123456789ABC', name: 'example.com' },
        mutualTls: { truststoreUri: 's3://example-trust/clients.pem', truststoreVersion: 'v1' },
      },
    },
  },
  'key, network, resolvers and name of someone else, a stage for trials': {
    encryption: {
      kind: 'existing',
      keyArn: 'arn:aws:kms:ap-southeast-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef',
    },
    vpc: {
      kind: 'existing',
      vpcId: 'vpc-0123abcd',
      subnetIds: ['subnet-0123abcd', 'subnet-4567abcd'],
      dnsServers: ['10.0.0.2', '10.0.1.2'],
    },
    api: { domain: { name: 'sms.example.com', certificateArn } },
    disposable: true,
  },
  'an address that operators know already': { vpc: { kind: 'nat', allocationId: 'eipalloc-0123456789abcdef0' } },
};
