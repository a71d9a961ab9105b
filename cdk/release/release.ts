import * as z from 'zod';
import { OVERWRITING, REPLACING } from './replacing.ts';

const keptSchema = z.strictObject({
  type: z.string(),
  /** Properties that decide about replacing and overwriting; absent ones are left out. */
  identity: z.record(z.string(), z.unknown()),
  /** Types of the attributes that are keys, by name, and keys by index: of tables. */
  keys: z.record(z.string(), z.string()).optional(),
  indexes: z.record(z.string(), z.unknown()).optional(),
  /** Whether it stays when CloudFormation would delete it. */
  stays: z.boolean(),
});

/** What the stack says of its configuration in the template's metadata: what is dangerous to change and shows nowhere else. */
const settingsSchema = z.strictObject({
  accounts: z.array(z.string()),
  disposable: z.boolean(),
  /** ARN of a key that is not the stack's, or else `aws` or `own`. */
  encryption: z.string(),
  eventSource: z.string(),
  retention: z.record(z.string(), z.number()),
});

/** What of a release is compared with the next one. */
export const releaseSchema = z.strictObject({
  stack: z.string(),
  settings: settingsSchema,
  /** By logical id. */
  resources: z.record(z.string(), keptSchema),
});

export type Settings = z.output<typeof settingsSchema>;
export type Release = z.output<typeof releaseSchema>;
export type Kept = z.output<typeof keptSchema>;

/** Key of the template's metadata. */
export const METADATA_KEY = 'Bindery';

interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
}

interface Template {
  Metadata?: Record<string, unknown>;
  Resources: Record<string, TemplateResource>;
}

interface Key {
  AttributeName: string;
}

interface Table extends Record<string, unknown> {
  KeySchema?: Key[];
  AttributeDefinitions?: { AttributeName: string; AttributeType: string }[];
  GlobalSecondaryIndexes?: { IndexName: string; KeySchema: Key[]; Projection: unknown }[];
}

/** A table is replaced when the type of a key changes, too; an index is deleted and built anew when anything of it does. */
function tableParts({ KeySchema = [], AttributeDefinitions = [], GlobalSecondaryIndexes = [] }: Table) {
  const typeOf = (name: string) => AttributeDefinitions.find((one) => one.AttributeName === name)?.AttributeType ?? '';
  const keys = KeySchema.map(({ AttributeName: name }) => [name, typeOf(name)]);
  const indexes = GlobalSecondaryIndexes.map(({ IndexName, KeySchema: on, Projection }) => {
    const types = on.map(({ AttributeName }) => typeOf(AttributeName));
    return [IndexName, { on, types, Projection }];
  });
  return {
    keys: Object.fromEntries(keys) as Record<string, string>,
    indexes: Object.fromEntries(indexes) as Record<string, unknown>,
  };
}

function kept({ Type: type, Properties: properties = {}, DeletionPolicy: policy = 'Delete' }: TemplateResource): Kept {
  const names = [...(REPLACING[type] ?? []), ...(OVERWRITING[type] ?? [])];
  const identity = Object.fromEntries(names.flatMap((name) => (name in properties ? [[name, properties[name]]] : [])));
  const parts = type === 'AWS::DynamoDB::GlobalTable' ? tableParts(properties) : {};
  return { type, identity, ...parts, stays: policy.startsWith('Retain') };
}

/** What a template, synthesized or read back from CloudFormation, is compared by. */
export function releaseOf(stack: string, template: unknown): Release {
  const { Resources, Metadata = {} } = template as Template;
  const watched = Object.entries(Resources).filter(([, { Type }]) => Object.hasOwn(REPLACING, Type));
  const resources = Object.fromEntries(watched.map(([id, resource]) => [id, kept(resource)]));
  return { stack, settings: settingsSchema.parse(Metadata[METADATA_KEY]), resources };
}
