import { formatForOperator, normalizeNumber } from '../../shared/domain/phone-number.ts';
import { type Content, lacksPromisedUdh, UCS2_DATA_CODING } from '../smpp/content.ts';
import type { SubmitSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { findTlv, TAG } from '../smpp/tlv.ts';

/** What the operator's guide calls these codes; in SMPP 3.4 they are answers to a bind (`bind failed`, `invalid password`). */
export const GUIDE_STATUS = { invalidSourceAddress: 0x0d, invalidDestinationAddress: 0x0e } as const;

export interface SubmitRules {
  /** `national`: 09xxxxxxxxx only, as in the guide. `any`: 639xxxxxxxxx and +639xxxxxxxxx too. */
  destinations: 'national' | 'any';
  dataCodings: readonly number[];
  /** Sender ids that a system may use; absent means any well-formed one. */
  senderIds?: readonly string[];
}

export interface Refusal {
  status: number;
  reason: string;
}

interface Rule {
  status: number;
  reason: string;
  broken(submit: SubmitSm, content: Content, rules: SubmitRules): boolean;
}

const RULES: readonly Rule[] = [
  {
    status: STATUS.invalidMessageLength,
    reason: 'there is no text, or one in short_message and another in message_payload',
    broken: ({ shortMessage, tlvs }, { body }) =>
      body.length === 0 || (shortMessage.length > 0 && findTlv(tlvs, TAG.messagePayload) !== undefined),
  },
  {
    status: STATUS.invalidMessageLength,
    reason: 'the text does not fit in the 140 octets of one short message',
    broken: (submit, content) => findTlv(submit.tlvs, TAG.messagePayload) === undefined && !fits(submit, content),
  },
  {
    status: STATUS.invalidMessageLength,
    reason: 'UCS-2 text has an odd number of octets',
    broken: ({ dataCoding }, { body }) => dataCoding === UCS2_DATA_CODING && body.length % 2 === 1,
  },
  {
    status: GUIDE_STATUS.invalidSourceAddress,
    reason: 'the sender is neither 1 to 11 characters nor a number of 3 to 15 digits, or is not allowed',
    broken: ({ source }, _content, { senderIds }) =>
      !/^(?:[\w .&'-]{1,11}|\+?\d{3,15})$/.test(source.address) || senderIds?.includes(source.address) === false,
  },
  {
    status: GUIDE_STATUS.invalidDestinationAddress,
    reason: 'the destination is not a Philippine mobile number in the form that is taken here',
    broken: ({ destination }, _content, { destinations }) => !isReachable(destination.address, destinations),
  },
  {
    // SMPP 3.4 has no code for it; 5.0 made one (0x104), which an operator of 3.4 does not know.
    status: STATUS.submitFailed,
    reason: 'data_coding is not one that is taken here',
    broken: ({ dataCoding }, _content, { dataCodings }) => !dataCodings.includes(dataCoding),
  },
  {
    status: STATUS.invalidEsmClass,
    reason: 'esm_class promises a user data header that is not there, or says that this is a receipt',
    broken: (submit, content) => lacksPromisedUdh(submit, content) || (submit.esmClass & 0x24) !== 0,
  },
  {
    status: 0x07,
    reason: 'registered_delivery asks for what SMPP 3.4 section 5.2.17 reserves',
    broken: ({ registeredDelivery }) => (registeredDelivery & 0x03) === 3,
  },
  {
    status: 0x61,
    reason: 'schedule_delivery_time has not the form of section 7.1.1',
    broken: ({ scheduleDeliveryTime }) => !isTime(scheduleDeliveryTime),
  },
  {
    status: 0x62,
    reason: 'validity_period has not the form of section 7.1.1',
    broken: ({ validityPeriod }) => !isTime(validityPeriod),
  },
];

/** The first rule that a submit_sm breaks, or undefined where it keeps them all. */
export function refusalOf(submit: SubmitSm, content: Content, rules: SubmitRules): Refusal | undefined {
  return RULES.find((rule) => rule.broken(submit, content, rules));
}

const MAX_USER_DATA_OCTETS = 140;
/** SAR TLVs become a UDH of this length on the air. */
const SAR_UDH_OCTETS = 6;

function fits({ dataCoding }: SubmitSm, { udh, body, concatenation }: Content): boolean {
  const headerOctets = udh?.length ?? (concatenation === undefined ? 0 : SAR_UDH_OCTETS);
  const roomOctets = MAX_USER_DATA_OCTETS - headerOctets;
  // On the air eight septets share seven octets (3GPP TS 23.038); on SMPP each has an octet of its own.
  const room = dataCoding === UCS2_DATA_CODING ? roomOctets : Math.floor((roomOctets * 8) / 7);
  return body.length <= room;
}

function isReachable(address: string, destinations: SubmitRules['destinations']): boolean {
  const number = normalizeNumber(address);
  if (number.kind !== 'ok') return false;
  const forms = [formatForOperator(number.e164, 'national')];
  if (destinations === 'any') forms.push(number.e164, formatForOperator(number.e164, 'international'));
  return forms.includes(address);
}

function isTime(time: string): boolean {
  return time === '' || /^\d{15}[+R-]$/.test(time);
}
