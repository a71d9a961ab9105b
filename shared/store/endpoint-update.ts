import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';

/** New values of an endpoint, by name; undefined removes one. */
export type EndpointChange = {
  [Name in Exclude<keyof WebhookEndpoint, 'endpointId' | 'createdAt'>]?: WebhookEndpoint[Name] | undefined;
};

/**
 * An update of an endpoint, or of what is known of one.
 * @param options.expected what must stand there for it
 * @param options.mustExist else it is made
 */
export function endpointUpdate(
  change: EndpointChange & { ttl?: number },
  { expected, mustExist }: { expected: EndpointChange; mustExist: boolean },
) {
  const names: Record<string, string> = mustExist ? { '#pk': 'pk' } : {};
  const values: Record<string, unknown> = {};
  const parts = { SET: [] as string[], REMOVE: [] as string[] };
  for (const [name, value] of Object.entries(change)) {
    names[`#${name}`] = name;
    if (value === undefined) parts.REMOVE.push(`#${name}`);
    else parts.SET.push(`#${name} = :${name}`);
    if (value !== undefined) values[`:${name}`] = value;
  }
  const conditions = Object.entries(expected).map(([name, value]) => {
    names[`#${name}`] = name;
    if (value === undefined) return `attribute_not_exists(#${name})`;
    values[`:expected_${name}`] = value;
    return `#${name} = :expected_${name}`;
  });
  const clauses = Object.entries(parts).flatMap(([verb, list]) =>
    list.length > 0 ? [`${verb} ${list.join(', ')}`] : [],
  );
  if (mustExist) conditions.unshift('attribute_exists(#pk)');
  return {
    ...(conditions.length === 0 ? {} : { ConditionExpression: conditions.join(' AND ') }),
    ExpressionAttributeNames: names,
    ...(clauses.length === 0 ? {} : { UpdateExpression: clauses.join(' ') }),
    ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}
