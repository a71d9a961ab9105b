import type { AttributeValue } from 'aws-lambda';

/**
 * An image of a stream record as a plain item. By hand, because the event that a function gets is JSON: binary values are
 * base64 there and not what the SDK's unmarshaller expects.
 */
export function fromStreamImage(image: Record<string, AttributeValue>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(image).map(([name, value]) => [name, plain(value)]));
}

function plain(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return Number(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.M !== undefined) return fromStreamImage(value.M);
  if (value.L !== undefined) return value.L.map(plain);
  if (value.B !== undefined) return new Uint8Array(Buffer.from(value.B, 'base64'));
  if (value.NULL !== undefined) return null;
  throw new TypeError(`no attribute of an item here has the type ${Object.keys(value).join(', ')}`);
}
