import type { Concatenation } from '../../shared/encoding/user-data.ts';
import { contentOf, decodeText } from '../smpp/content.ts';
import type { Pdu, SubmitSm } from '../smpp/pdu.ts';
import type { Link } from './behaviour.ts';

/** One submit_sm as it came, with what became of it. */
export interface RecordedSubmit {
  /** When it was read, monotonic milliseconds with fractions. */
  atMs: number;
  link: number;
  /** Empty where the session was not bound. */
  systemId: string;
  sequence: number;
  source: string;
  destination: string;
  dataCoding: number;
  validityPeriod: string;
  /** short_message or message_payload, header included. */
  octets: Buffer;
  udh?: Buffer;
  concatenation?: Concatenation;
  /** Decoded text of this segment. */
  text: string;
  /** Everything else. */
  pdu: SubmitSm;
  /** Whether the message centre took it, whatever the answer then looked like. */
  accepted: boolean;
  messageId?: string;
  /** command_status of the first answer that left; absent while there is none. */
  status?: number;
  answeredAtMs?: number;
}

export function recordedSubmit(pdu: SubmitSm & Pdu, link: Link): RecordedSubmit {
  const { udh, concatenation, octets, body } = contentOf(pdu);
  return {
    atMs: link.now(),
    link: link.id,
    systemId: link.systemId ?? '',
    sequence: pdu.sequence,
    source: pdu.source.address,
    destination: pdu.destination.address,
    dataCoding: pdu.dataCoding,
    validityPeriod: pdu.validityPeriod,
    octets,
    ...(udh === undefined ? {} : { udh }),
    ...(concatenation === undefined ? {} : { concatenation }),
    text: decodeText(pdu.dataCoding, body),
    pdu,
    accepted: false,
  };
}
