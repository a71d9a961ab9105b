/** Properties of AWS::SQS::Queue that are no attributes of the queue. */
const NOT_ATTRIBUTES = new Set(['QueueName', 'Tags']);

/** CloudFormation's values (numbers, booleans, a redrive policy as an object) as SQS takes them: text. */
export function queueAttributes(properties: Record<string, unknown>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || NOT_ATTRIBUTES.has(name)) continue;
    attributes[name] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return attributes;
}
