import { ConfigurationError } from '../../shared/config/environment.ts';

import type { Configuration } from './schema.ts';
import { configurationOfStage } from './stages.ts';

const KEY = 'bindery';
/** `bindery:retention` in the context replaces `retention` of the configuration; `bindery:stage` says which stage is meant. */
const OVERRIDE = /^bindery:(.+)$/;

/** Values given with `-c` on the command line arrive as text: JSON where it is JSON, else the text itself. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

/**
 * The configuration from the CDK context: the key `bindery`, an object or its JSON text, and over it any key
 * `bindery:<field>`, e.g. `-c bindery:stage=staging`.
 * @throws ConfigurationError naming every problem at once.
 */
export function configurationFrom(context: Record<string, unknown>): Configuration {
  const base = parsed(context[KEY]);
  if (typeof base !== 'object' || base === null || Array.isArray(base)) {
    throw new ConfigurationError(
      'configuration is invalid:\n  - context "bindery": must be an object, or one as JSON text',
    );
  }
  const overrides = Object.entries(context).flatMap(([key, value]) => {
    const field = OVERRIDE.exec(key)?.[1];
    return field === undefined ? [] : [[field, parsed(value)] as const];
  });
  return configurationOfStage({ ...base }, Object.fromEntries(overrides));
}
