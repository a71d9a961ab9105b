import type { DeliverSm, Pdu, SubmitSm } from '../../../binder/smpp/pdu.ts';
import { SUBMIT } from '../../esme.ts';

type Overrides<Body> = Partial<Body & { status: number; sequence: number }>;

export function submitSm(overrides: Overrides<SubmitSm> = {}): SubmitSm & Pdu {
  return { ...SUBMIT, status: 0, sequence: 7, ...overrides };
}

export function deliverSm(overrides: Overrides<DeliverSm> = {}): DeliverSm & Pdu {
  return { ...SUBMIT, command: 'deliver_sm', status: 0, sequence: 7, esmClass: 4, ...overrides };
}

/** A frame from hex, blanks allowed, with its length put in front. */
export function frameOf(hexWithoutLength: string): Buffer {
  const rest = Buffer.from(hexWithoutLength.replaceAll(' ', ''), 'hex');
  const frame = Buffer.alloc(rest.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  rest.copy(frame, 4);
  return frame;
}
