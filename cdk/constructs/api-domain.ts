import { DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ApiDomain as Settings } from '../config/api-schema.ts';

/** A name of the API's own. Its certificate and its truststore exist already, and nothing here changes them. */
export class ApiDomain extends Construct {
  readonly name: DomainName;
  /** What the name must point at, where there is no zone to write it into. */
  readonly target: string | undefined;
  readonly record: ARecord | undefined;

  constructor(scope: Construct, id: string, { name, certificateArn, hostedZone, mutualTls }: Settings) {
    super(scope, id);
    this.name = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      ...(mutualTls && { mtls: this.#truststore(mutualTls) }),
    });
    const { regionalDomainName, regionalHostedZoneId } = this.name;
    if (hostedZone === undefined) {
      this.target = regionalDomainName;
      return;
    }
    const { id: hostedZoneId, name: zoneName } = hostedZone;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const target = RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId));
    this.record = new ARecord(this, 'Address', { zone, recordName: `${name}.`, target });
  }

  #truststore({ truststoreUri, truststoreVersion }: NonNullable<Settings['mutualTls']>) {
    const { hostname, pathname } = new URL(truststoreUri);
    return {
      bucket: Bucket.fromBucketName(this, 'Truststore', hostname),
      key: pathname.slice(1),
      ...(truststoreVersion !== undefined && { version: truststoreVersion }),
    };
  }
}
