import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { Construct } from 'constructs';
import { registrySchemas } from '../../shared/contracts/event-json-schema.ts';

/** What every event looks like, made of the contracts that the programs publish by, for whoever writes a consumer. */
export class EventSchemas extends Construct {
  readonly schemas: readonly CfnSchema[];

  constructor(scope: Construct, id: string, props: { stackName: string; source: string }) {
    super(scope, id);
    const registry = new CfnRegistry(this, 'Registry', {
      registryName: props.stackName,
      description: `Events of ${props.stackName}`,
    });
    this.schemas = registrySchemas(props.source).map(
      ({ name, type, description, content }) =>
        new CfnSchema(this, type.replaceAll(' ', ''), {
          registryName: registry.attrRegistryName,
          schemaName: name,
          type: 'JSONSchemaDraft4',
          description,
          content: JSON.stringify(content),
        }),
    );
  }
}
