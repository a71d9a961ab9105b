import { BinderyError, type FieldError } from './bindery.ts';

/** What AWS SDK for JavaScript v3 throws for End User Messaging SMS: told apart by `name`, or by `instanceof`. */
export class PinpointSMSVoiceV2ServiceException extends Error {
  readonly $fault: 'client' | 'server';
  readonly $metadata: { httpStatusCode?: number; requestId?: string };
  readonly $retryable: { throttling: boolean } | undefined;
  /** A word of AWS that says more, where there is one that fits. */
  readonly Reason: string | undefined;

  constructor(message: string, { status, requestId, reason, retryable, cause }: Details = {}) {
    super(message, { cause });
    this.name = new.target.name;
    this.$fault = status === undefined || status >= 500 ? 'server' : 'client';
    this.$metadata = {
      ...(status === undefined ? {} : { httpStatusCode: status }),
      ...(requestId === undefined ? {} : { requestId }),
    };
    this.$retryable = retryable ? { throttling: this instanceof ThrottlingException } : undefined;
    this.Reason = reason;
  }
}

interface Details {
  status?: number;
  requestId?: string;
  reason?: string;
  retryable?: boolean;
  cause?: unknown;
}

export class AccessDeniedException extends PinpointSMSVoiceV2ServiceException {}
export class ConflictException extends PinpointSMSVoiceV2ServiceException {}
export class InternalServerException extends PinpointSMSVoiceV2ServiceException {}
export class ResourceNotFoundException extends PinpointSMSVoiceV2ServiceException {}
export class ServiceQuotaExceededException extends PinpointSMSVoiceV2ServiceException {}
export class ThrottlingException extends PinpointSMSVoiceV2ServiceException {}
export class ValidationException extends PinpointSMSVoiceV2ServiceException {
  readonly Fields: { Name: string; Message: string }[];

  constructor(message: string, details: Details, fields: { Name: string; Message: string }[] = []) {
    super(message, details);
    this.Fields = fields;
  }
}

/** Our fields by the names of AWS. */
const NAMES: Readonly<Record<string, string>> = {
  to: 'DestinationPhoneNumber',
  from: 'OriginationIdentity',
  text: 'MessageBody',
  lane: 'MessageType',
  ttl_seconds: 'TimeToLive',
  metadata: 'Context',
};

/** The exception that AWS would throw in place of one of ours. */
export function awsException(error: unknown): unknown {
  if (!(error instanceof BinderyError)) return error;
  const { message, code, status, retryable, problem } = error;
  const details: Details = {
    status: status === 0 ? 503 : status,
    retryable,
    cause: error,
    ...(problem && { requestId: problem.request_id }),
  };
  switch (code) {
    case 'rate_limited':
    case 'lane_full':
    case 'would_expire_in_queue':
      return new ThrottlingException(message, details);
    case 'quota_exceeded':
      return new ServiceQuotaExceededException(message, details);
    case 'recipient_opted_out':
      return new ConflictException(message, { ...details, reason: 'DESTINATION_PHONE_NUMBER_OPTED_OUT' });
    default:
      return byStatus(message, details, problem?.errors ?? []);
  }
}

function byStatus(message: string, details: Details, errors: readonly FieldError[]): Error {
  const { status = 500 } = details;
  if (status >= 500) return new InternalServerException(message, details);
  if (status === 401 || status === 403) return new AccessDeniedException(message, details);
  if (status === 404) return new ResourceNotFoundException(message, details);
  if (status === 409) return new ConflictException(message, details);
  if (status === 429) return new ThrottlingException(message, details);
  const fields = errors.map(({ pointer, detail }) => {
    const name = pointer.split('/')[1] ?? '';
    return { Name: NAMES[name] ?? name, Message: detail };
  });
  return new ValidationException(message, { ...details, reason: 'FIELD_VALIDATION_FAILED' }, fields);
}
