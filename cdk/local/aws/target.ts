import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './call.ts';

/** What a signed request says about itself. */
export interface Target {
  accessKeyId: string;
  /** Service as in the scope of the signature, e.g. `dynamodb`. */
  scope: string;
  /** Bare action of the JSON protocol; empty for other protocols. */
  action: string;
}

// Signature version 4: Credential=KEY/DATE/REGION/SERVICE/aws4_request
const CREDENTIAL = /Credential=([^/\s]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;

/** Throws an AwsError when the request is not signed. The signature itself is not verified: on loopback the key only tells who calls. */
export function targetOf(headers: IncomingHttpHeaders): Target {
  const [, accessKeyId, scope] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  if (accessKeyId === undefined || scope === undefined) {
    throw new AwsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token', 403);
  }
  const target = headers['x-amz-target'];
  const action = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
  return { accessKeyId, scope, action };
}
