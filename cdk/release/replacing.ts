/**
 * Properties whose change makes CloudFormation put another resource in the place of the one that is there ("Update requires:
 * Replacement" in its reference), by the types that must not be lost. What is listed is compared, anything else of them may change.
 */
export const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
  // Programs in AWS have their rules on it, and find it by its name.
  'AWS::Events::EventBus': ['Name'],
  'AWS::Events::Archive': ['ArchiveName', 'SourceArn'],
  // Callers and operators have these addresses written down.
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::DomainName': ['DomainName'],
  'AWS::EC2::EIP': ['Domain', 'PublicIpv4Pool', 'NetworkBorderGroup'],
};

/** Properties whose change makes CloudFormation write a new value over what is there. */
export const OVERWRITING: Readonly<Record<string, readonly string[]>> = {
  'AWS::SecretsManager::Secret': ['GenerateSecretString', 'SecretString'],
};

/** What is lost with a resource of the type, and how to get where one wanted to be without losing it. */
export const LOSS: Readonly<Record<string, { lost: string; instead: string }>> = {
  'AWS::DynamoDB::GlobalTable': {
    lost: 'the new table begins empty; the old one stays behind, and no program looks into it',
    instead: 'keep its id and keys, and put what is new into a new index or a table beside it',
  },
  'AWS::SQS::Queue': {
    lost: 'what waits in the queue is never sent, and the new queue begins empty',
    instead: 'keep its id and name; a queue that is to go is emptied first (`npm run cli -- lanes`)',
  },
  'AWS::SecretsManager::Secret': {
    lost: "the new secret holds made-up values: the binder can't bind, or no key works, until someone fills it in",
    instead: 'keep its id, and change what is in it by hand',
  },
  'AWS::KMS::Key': {
    lost: 'what was encrypted with the old key needs it for ever, and no stack knows of it any more',
    instead: 'keep its id; KMS changes the key itself each year',
  },
  'AWS::Events::EventBus': {
    lost: 'rules of other programs stand on the old bus and hear nothing more',
    instead: 'keep its id and name',
  },
  'AWS::Events::Archive': {
    lost: 'what is in the old archive goes with it and cannot be replayed',
    instead: 'keep its id, and that of the bus',
  },
  'AWS::ApiGatewayV2::Api': {
    lost: 'its address changes, and every caller has to be changed',
    instead: 'keep its id; give the API a domain of its own before it moves',
  },
  'AWS::ApiGatewayV2::DomainName': {
    lost: 'callers find nothing under the old name',
    instead: 'let the old name answer until every caller has the new one',
  },
  'AWS::EC2::EIP': {
    lost: 'operators that list addresses refuse the new one',
    instead: 'name the address in vpc.allocationId, so that it outlives the stack',
  },
};
