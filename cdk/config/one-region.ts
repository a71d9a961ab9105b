import type * as z from 'zod';

/** What names something of AWS that must be where the stack is. */
interface Named {
  aws?: { region: string } | undefined;
  encryption: { kind: string; keyArn?: string };
  alarms: { topicArn?: string | undefined };
  api: { domain?: { certificateArn: string } | undefined };
}

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/**
 * A key, a topic and a certificate of another region are refused by their services in the middle of a deploy. Where no region
 * is configured they must at least be in one.
 */
export function inOneRegion({ value, issues }: z.core.ParsePayload<Named>): void {
  const { aws, encryption, alarms, api } = value;
  const named = [
    { path: ['encryption', 'keyArn'], arn: encryption.keyArn },
    { path: ['alarms', 'topicArn'], arn: alarms.topicArn },
    { path: ['api', 'domain', 'certificateArn'], arn: api.domain?.certificateArn },
  ].flatMap(({ path, arn }) => (arn === undefined ? [] : [{ path, region: regionOf(arn) }]));
  const region = aws?.region ?? named[0]?.region;
  const why = aws === undefined ? `as ${named[0]?.path.join('.')} is` : 'where the stack goes';
  for (const { path } of named.filter((one) => one.region !== region)) {
    issues.push({ code: 'custom', path, message: `must be in ${region}, ${why}`, input: undefined });
  }
}
