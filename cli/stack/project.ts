import type { Configuration } from '../../cdk/config/schema.ts';
import { contextOfProject } from '../../cdk/project-context.ts';

type Raw = Record<string, unknown>;

const asRaw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});

/**
 * The configuration of this checkout. Loaded only when it is asked for: most commands do without.
 * @param stage another stage than the usual one
 * @throws ConfigurationError naming every problem
 */
export async function projectConfiguration(stage?: string): Promise<Configuration> {
  const { configurationFrom } = await import('../../cdk/config/context.ts');
  return configurationFrom({ ...contextOfProject(), ...(stage === undefined ? {} : { 'bindery:stage': stage }) });
}

/** The stage that a stack is of; undefined where no stage has a stack of that name. */
export function stageOf(stackName: string): string | undefined {
  return /^bindery-([a-z][a-z0-9]{0,15})$/.exec(stackName)?.[1];
}

/** Where a stack is deployed. */
export interface Place {
  stackName: string;
  region: string | undefined;
}

/** The stack that `npm run deploy` in this checkout deploys, as far as cdk.json says it; known also where it has mistakes. */
export function placeOfProject(stage?: string): Place {
  const common = asRaw(contextOfProject()['bindery']);
  const usual = common['stage'];
  const name = stage ?? (typeof usual === 'string' ? usual : 'prod');
  const own = asRaw(asRaw(common['stages'])[name]);
  const { region } = { ...asRaw(common['aws']), ...asRaw(own['aws']) };
  return { stackName: `bindery-${name}`, region: typeof region === 'string' ? region : undefined };
}
