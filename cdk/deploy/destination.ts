import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Destination } from './checks.ts';

const REFUSED = ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'];

interface Place {
  region?: string | undefined;
  profile?: string | undefined;
  toolkitStackName: string;
}

/** Asks AWS for the stack that `cdk bootstrap` makes. Its ARN says as well whose account the credentials are. */
export async function findDestination({ region, profile, toolkitStackName }: Place): Promise<Destination> {
  const client = new CloudFormationClient({
    maxAttempts: 2,
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
  });
  const where = await client.config.region().catch(() => undefined);
  if (where === undefined) return { kind: 'no_region' };
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: toolkitStackName }));
    const account = Stacks[0]?.StackId?.split(':')[4] ?? '';
    return { kind: 'prepared', account, region: where };
  } catch (error) {
    const { name, message } = error as Error;
    if (message.includes('does not exist')) return { kind: 'unprepared', region: where };
    if (REFUSED.includes(name)) return { kind: 'not_told', why: 'the credentials may not describe stacks' };
    if ('$fault' in (error as object) || name === 'CredentialsProviderError') {
      return { kind: 'no_credentials', why: message };
    }
    return { kind: 'not_told', why: message };
  } finally {
    client.destroy();
  }
}
