import { segmentText } from '../../shared/encoding/segment.ts';
import { userData } from '../../shared/encoding/user-data.ts';
import type { DeliverSm } from '../smpp/pdu.ts';
import { UNUSED_FIELDS } from './unused-fields.ts';

/** A subscriber's message to the ESME. */
export interface InboundMessage {
  from: string;
  /** Short code or number that the subscriber wrote to. */
  to: string;
  text: string;
  /** Reference of a message in parts, 0 to 255. */
  reference?: number;
}

const UDH_INDICATOR = 0x40;

/** The parts of an inbound message, in order. */
export function inboundParts({ from, to, text, reference = 1 }: InboundMessage): DeliverSm[] {
  const segmentation = segmentText({ text, encoding: 'auto' });
  if (segmentation.kind === 'unencodable') throw new RangeError('the text has a lone surrogate');
  const { encoding, segments } = segmentation;
  const parts = userData({ segments, encoding, reference: { width: '8bit', value: reference } });
  return parts.map((shortMessage) => ({
    ...UNUSED_FIELDS,
    command: 'deliver_sm',
    source: { ton: 1, npi: 1, address: from },
    destination: { ton: 0, npi: 1, address: to },
    esmClass: parts.length > 1 ? UDH_INDICATOR : 0,
    dataCoding: encoding === 'ucs2' ? 8 : 0,
    shortMessage,
    tlvs: [],
  }));
}
