import type { DeliverSm } from '../smpp/pdu.ts';

/** The fields of a deliver_sm that SMPP leaves empty towards an ESME, or that this message centre has no use for (3.4 section 4.6.1). */
export const UNUSED_FIELDS = {
  serviceType: '',
  protocolId: 0,
  priorityFlag: 0,
  scheduleDeliveryTime: '',
  validityPeriod: '',
  registeredDelivery: 0,
  replaceIfPresent: 0,
  smDefaultMsgId: 0,
} satisfies Partial<DeliverSm>;
