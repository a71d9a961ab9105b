import type { DeliverSm, Pdu, SubmitSm } from '../../../binder/smpp/pdu.ts';

type Overrides<Body> = Partial<Body & { status: number; sequence: number }>;

const SHORT_MESSAGE = {
  serviceType: '',
  source: { ton: 5, npi: 0, address: 'MSG95' },
  destination: { ton: 2, npi: 1, address: '09171234567' },
  esmClass: 0,
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 1,
  replaceIfPresent: 0,
  dataCoding: 0,
  smDefaultMsgId: 0,
  shortMessage: Buffer.from('Hello'),
  tlvs: [],
};

export function submitSm(overrides: Overrides<SubmitSm> = {}): SubmitSm & Pdu {
  return { command: 'submit_sm', status: 0, sequence: 7, ...SHORT_MESSAGE, ...overrides };
}

export function deliverSm(overrides: Overrides<DeliverSm> = {}): DeliverSm & Pdu {
  return { command: 'deliver_sm', status: 0, sequence: 7, ...SHORT_MESSAGE, esmClass: 4, ...overrides };
}

/** A frame from hex, blanks allowed, with its length put in front. */
export function frameOf(hexWithoutLength: string): Buffer {
  const rest = Buffer.from(hexWithoutLength.replaceAll(' ', ''), 'hex');
  const frame = Buffer.alloc(rest.length + 4);
  frame.writeUInt32BE(frame.length, 0);
  rest.copy(frame, 4);
  return frame;
}
