import {
  type Attribute,
  AttributeType,
  type CfnGlobalTable,
  type GlobalSecondaryIndexPropsV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Keeping } from './keeping.ts';
import type { Program, Right, VariableName } from './program.ts';
import { tlsOnly } from './tls-only.ts';

type ItemAction = 'GetItem' | 'BatchGetItem' | 'BatchWriteItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

const READS: ReadonlySet<ItemAction> = new Set(['GetItem', 'BatchGetItem', 'Query'] as const);

interface StoredTableProps {
  keeping: Keeping;
  variable: VariableName;
  partitionKey: Attribute;
  sortKey?: Attribute;
  indexes?: GlobalSecondaryIndexPropsV2[];
  stream?: boolean;
}

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

/** A table that outlives its stack: on demand, encrypted, recoverable to any second, items expiring by `ttl` (epoch seconds). */
export class StoredTable extends Construct {
  readonly table: TableV2;
  readonly keeping: Keeping;
  readonly #variable: VariableName;

  constructor(scope: Construct, id: string, props: StoredTableProps) {
    super(scope, id);
    this.#variable = props.variable;
    this.keeping = props.keeping;
    const { key, isProtected, removalPolicy } = props.keeping;
    this.table = new TableV2(this, 'Table', {
      partitionKey: props.partitionKey,
      ...(props.sortKey && { sortKey: props.sortKey }),
      ...(props.indexes && { globalSecondaryIndexes: props.indexes }),
      ...(props.stream && { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES }),
      timeToLiveAttribute: 'ttl',
      encryption: TableEncryptionV2.awsManagedKey(),
      resourcePolicy: new PolicyDocument({ statements: [tlsOnly('dynamodb:*')] }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: isProtected,
      removalPolicy,
    });
    if (key !== undefined) this.#encryptWith(key);
  }

  /** Written into the template by hand: the CDK wants to know the region for it, and a stack may be for any. */
  #encryptWith(key: IKey): void {
    const table = this.table.node.defaultChild as CfnGlobalTable;
    table.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
  }

  /** Lets `program` act on single items, and query the indexes that are named. */
  open(program: Program, items: readonly ItemAction[], indexes: readonly string[] = []): void {
    const rights: Right[] = [
      { actions: items.map((action) => `dynamodb:${action}`), resources: [this.table.tableArn] },
    ];
    if (indexes.length > 0) {
      const resources = indexes.map((index) => `${this.table.tableArn}/index/${index}`);
      rights.push({ actions: ['dynamodb:Query'], resources });
    }
    const use = items.every((action) => READS.has(action)) ? 'read' : 'write';
    program.open(this.#variable, this.table.tableName, ...rights, ...this.keeping.rights('dynamodb', use));
  }
}

/** The three tables (architecture, section 4). */
export class Storage extends Construct {
  readonly messages: StoredTable;
  readonly receipts: StoredTable;
  readonly control: StoredTable;

  constructor(scope: Construct, id: string, keeping: Keeping) {
    super(scope, id);
    this.messages = new StoredTable(this, 'Messages', {
      keeping,
      variable: 'MESSAGES_TABLE',
      partitionKey: text('messageId'),
      indexes: [
        { indexName: 'by-account', partitionKey: text('account'), sortKey: text('messageId') },
        { indexName: 'by-recipient', partitionKey: text('to'), sortKey: text('messageId') },
        // Keys only: written once in a message's life and not at each change of it.
        {
          indexName: 'by-client-ref',
          partitionKey: text('clientRef'),
          sortKey: text('messageId'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          indexName: 'by-batch',
          partitionKey: text('batchId'),
          sortKey: text('messageId'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
        {
          // Sparse: only messages that something must happen to carry `dueAccount`, so the sweep reads nothing else.
          indexName: 'due',
          partitionKey: text('dueAccount'),
          sortKey: number('dueAt'),
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      stream: true,
    });
    this.receipts = new StoredTable(this, 'Receipts', {
      keeping,
      variable: 'RECEIPTS_TABLE',
      partitionKey: text('key'),
      sortKey: text('row'),
      stream: true,
    });
    this.control = new StoredTable(this, 'Control', {
      keeping,
      variable: 'CONTROL_TABLE',
      partitionKey: text('pk'),
      sortKey: text('sk'),
      stream: true,
    });
  }
}
