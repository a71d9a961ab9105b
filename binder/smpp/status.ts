/** What a command_status means in SMPP 3.4 (table 5-2). What an operator means by it stands in the account's profile. */
export interface StatusMeaning {
  name: string;
  meaning: string;
}

const STATUSES: Readonly<Record<number, readonly [name: string, meaning: string]>> = {
  0x00: ['ESME_ROK', 'no error'],
  0x01: ['ESME_RINVMSGLEN', 'message length is invalid'],
  0x02: ['ESME_RINVCMDLEN', 'command length is invalid'],
  0x03: ['ESME_RINVCMDID', 'invalid command id'],
  0x04: ['ESME_RINVBNDSTS', 'incorrect bind status for the command'],
  0x05: ['ESME_RALYBND', 'already bound'],
  0x06: ['ESME_RINVPRTFLG', 'invalid priority flag'],
  0x07: ['ESME_RINVREGDLVFLG', 'invalid registered delivery flag'],
  0x08: ['ESME_RSYSERR', 'system error'],
  0x0a: ['ESME_RINVSRCADR', 'invalid source address'],
  0x0b: ['ESME_RINVDSTADR', 'invalid destination address'],
  0x0c: ['ESME_RINVMSGID', 'message id is invalid'],
  0x0d: ['ESME_RBINDFAIL', 'bind failed'],
  0x0e: ['ESME_RINVPASWD', 'invalid password'],
  0x0f: ['ESME_RINVSYSID', 'invalid system id'],
  0x11: ['ESME_RCANCELFAIL', 'cancel failed'],
  0x13: ['ESME_RREPLACEFAIL', 'replace failed'],
  0x14: ['ESME_RMSGQFUL', 'message queue full'],
  0x15: ['ESME_RINVSERTYP', 'invalid service type'],
  0x33: ['ESME_RINVNUMDESTS', 'invalid number of destinations'],
  0x34: ['ESME_RINVDLNAME', 'invalid distribution list name'],
  0x40: ['ESME_RINVDESTFLAG', 'invalid destination flag'],
  0x42: ['ESME_RINVSUBREP', 'invalid submit with replace'],
  0x43: ['ESME_RINVESMCLASS', 'invalid esm_class'],
  0x44: ['ESME_RCNTSUBDL', 'cannot submit to distribution list'],
  0x45: ['ESME_RSUBMITFAIL', 'submit failed'],
  0x48: ['ESME_RINVSRCTON', 'invalid source type of number'],
  0x49: ['ESME_RINVSRCNPI', 'invalid source numbering plan'],
  0x50: ['ESME_RINVDSTTON', 'invalid destination type of number'],
  0x51: ['ESME_RINVDSTNPI', 'invalid destination numbering plan'],
  0x53: ['ESME_RINVSYSTYP', 'invalid system type'],
  0x54: ['ESME_RINVREPFLAG', 'invalid replace_if_present flag'],
  0x55: ['ESME_RINVNUMMSGS', 'invalid number of messages'],
  0x58: ['ESME_RTHROTTLED', 'throttled: allowed rate exceeded'],
  0x61: ['ESME_RINVSCHED', 'invalid scheduled delivery time'],
  0x62: ['ESME_RINVEXPIRY', 'invalid validity period'],
  0x63: ['ESME_RINVDFTMSGID', 'predefined message invalid or not found'],
  0x64: ['ESME_RX_T_APPN', 'temporary application error'],
  0x65: ['ESME_RX_P_APPN', 'permanent application error'],
  0x66: ['ESME_RX_R_APPN', 'rejected by application'],
  0x67: ['ESME_RQUERYFAIL', 'query failed'],
  0xc0: ['ESME_RINVOPTPARSTREAM', 'error in the optional part of the PDU'],
  0xc1: ['ESME_ROPTPARNOTALLWD', 'optional parameter not allowed'],
  0xc2: ['ESME_RINVPARLEN', 'invalid parameter length'],
  0xc3: ['ESME_RMISSINGOPTPARAM', 'expected optional parameter missing'],
  0xc4: ['ESME_RINVOPTPARAMVAL', 'invalid optional parameter value'],
  0xfe: ['ESME_RDELIVERYFAILURE', 'delivery failure'],
  0xff: ['ESME_RUNKNOWNERR', 'unknown error'],
};

/** Codes that programs here name. */
export const STATUS = {
  ok: 0x00,
  invalidMessageLength: 0x01,
  invalidCommandLength: 0x02,
  invalidCommandId: 0x03,
  incorrectBindStatus: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  bindFailed: 0x0d,
  invalidPassword: 0x0e,
  invalidSystemId: 0x0f,
  queueFull: 0x14,
  invalidEsmClass: 0x43,
  submitFailed: 0x45,
  throttled: 0x58,
  temporaryApplicationError: 0x64,
} as const;

/** Name and meaning of any code; codes outside the table are named by the range that they lie in. */
export function statusMeaning(code: number): StatusMeaning {
  const known = STATUSES[code];
  if (known !== undefined) return { name: known[0], meaning: known[1] };
  const hex = code.toString(16).toUpperCase().padStart(8, '0');
  if (code >= 0x400 && code <= 0x4ff)
    return { name: `VENDOR_${hex}`, meaning: "the message centre vendor's own error" };
  return { name: `RESERVED_${hex}`, meaning: 'a code that SMPP 3.4 does not define' };
}
