import type { Configuration } from '../../cdk/config/schema.ts';
import { ConfigurationError } from '../../shared/config/environment.ts';
import { projectConfiguration } from '../stack/project.ts';
import type { Check } from './check.ts';

/** The configuration of this checkout, and what is wrong with it. */
export async function checkConfiguration(
  stage: string | undefined,
): Promise<{ check: Check; configuration?: Configuration }> {
  const name = 'configuration';
  try {
    const configuration = await projectConfiguration(stage);
    const accounts = configuration.accounts.map((account) => `${account.name} at ${account.url}`).join(', ');
    return { check: { name, state: 'good', detail: `stage ${configuration.stage}: ${accounts}` }, configuration };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      check: {
        name,
        state: 'bad',
        detail: error.message,
        next: 'Mend these in cdk.json; docs/configuration.md explains the fields.',
      },
    };
  }
}
