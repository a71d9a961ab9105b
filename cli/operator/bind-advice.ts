import type { CloseReason, CloseWord } from '../../binder/session/close-reason.ts';
import { StatusTable } from '../../binder/session/status-table.ts';
import { statusMeaning } from '../../binder/smpp/status.ts';
import type { Account } from '../../shared/config/account.ts';

const CREDENTIALS = "Copy system id and password from the operator's portal again: `npm run cli -- credentials`.";
const ADDRESS =
  "Many operators admit listed addresses only: give this machine's address, and the binder's, to the operator.";
const LATER = 'The operator has trouble of his own. Try again in some minutes, then ask his support.';

/** What to do about a command_status of a bind_resp (SMPP 3.4 table 5-2). */
const BY_STATUS: Readonly<Record<number, string>> = {
  0x01: 'A field of the bind has a length that the operator does not take: compare systemType and addressRange of the account with his guide.',
  0x02: 'A field of the bind has a length that the operator does not take: compare systemType and addressRange of the account with his guide.',
  0x03: 'The operator does not know this way to bind: try another bindType of the account, such as transmitter+receiver.',
  0x04: 'The operator takes this for no moment to bind. Another session may be open: wait a minute, and stop other programs with these credentials.',
  0x05: 'The account has a session already: another program, or one that is dead and not yet noticed. Stop it, or wait some minutes. Ask the operator how many sessions he allows.',
  0x08: LATER,
  0x0d: `The operator gives no reason. Most often the credentials are wrong, the account is not active, or the address is not listed. ${CREDENTIALS} ${ADDRESS}`,
  0x0e: `The password is wrong. ${CREDENTIALS} Stop after a few tries: operators block accounts that fail often.`,
  0x0f: `The system id is wrong or not active yet. ${CREDENTIALS}`,
  0x14: LATER,
  0x53: "The system type is wrong: set systemType of the account to what the operator's guide says.",
  0x58: 'Too many binds in a short time. Wait some minutes.',
};

const NETWORK =
  "Check host and port in the account's `url` with the operator's portal. A firewall here may also keep this port closed.";

/** What to do where no bind_resp came, or none that fits. */
const BY_REASON: Partial<Record<CloseWord, string>> = {
  credentials_unavailable: CREDENTIALS,
  connect_failed: NETWORK,
  bind_refused: `The binder's log has the operator's answer. ${CREDENTIALS} ${ADDRESS}`,
  connect_timeout: `${NETWORK} ${ADDRESS}`,
  bind_timeout: `The operator took the connection and never answered the bind. ${ADDRESS}`,
  bind_mismatched: 'The answer belongs to another way to bind: try another bindType of the account.',
  bind_not_encodable: 'A field of the bind does not fit: look at systemType, addressRange and the credentials.',
  peer_closed: `The operator closed the connection instead of answering. ${ADDRESS} Where he wants TLS, the url begins with smpps://.`,
  peer_unbound:
    'The operator ended the session at once. Stop other programs with these credentials, and ask his support.',
  connection_lost: `The connection broke before the answer. ${ADDRESS}`,
  bad_length: 'What answers there does not speak SMPP: check host, port, and whether the url must begin with smpps://.',
};

/** Of certificates: `detail` of a connection that failed. */
const BY_FAULT: Readonly<Record<string, string>> = {
  ENOTFOUND: "There is no such host, as seen from here: check the account's `url`, and whether this machine is online.",
  EAI_AGAIN: 'The name server does not answer: is this machine online?',
  ECONNREFUSED: "Nothing listens at that port: check the account's `url` with the operator's portal.",
  CERT_HAS_EXPIRED: "The operator's certificate has expired. Tell him; `tls.verify` false would let anyone listen in.",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'The operator signs his certificate himself: get it from him over a safe way and set `tls.ca` of the account.',
  SELF_SIGNED_CERT_IN_CHAIN:
    'The operator has an authority of his own: get its certificate and set `tls.ca` of the account.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'The operator sends no whole chain of certificates: set `tls.ca` of the account to the missing one.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'The operator has an authority of his own: get its certificate and set `tls.ca` of the account.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'The certificate is for another name: set `tls.serverName` of the account to the one in it.',
  EPROTO: 'What answers there does not speak TLS: perhaps the url must begin with smpp://, or the port is another.',
  ERR_SSL_WRONG_VERSION_NUMBER:
    'What answers there does not speak TLS: perhaps the url must begin with smpp://, or the port is another.',
};

export interface Explained {
  /** What happened, in the words of SMPP and of the operator. */
  what: string;
  next: string;
}

/** What a bind that did not succeed means, and what to do about it. */
export function explainBind(close: CloseReason, { statuses }: Pick<Account, 'statuses'>): Explained {
  const { reason, commandStatus, detail } = close;
  if (commandStatus !== undefined) {
    const hex = `0x${commandStatus.toString(16).padStart(2, '0')}`;
    const { name, meaning } = statusMeaning(commandStatus);
    const own = new StatusTable(statuses).words(commandStatus);
    const words = own === undefined ? meaning : `${meaning}; the operator's word: ${own}`;
    const next =
      BY_STATUS[commandStatus] ??
      "Look this code up in the operator's guide, or ask his support with the time of this try.";
    return { what: `the operator refuses the bind: ${hex} ${name} (${words})`, next };
  }
  const word = reason.replaceAll('_', ' ');
  const next = BY_FAULT[detail ?? ''] ?? BY_REASON[reason] ?? LATER;
  return { what: detail === undefined ? word : `${word}: ${detail}`, next };
}

/** What to do about a fault of the network or of a certificate, by the system's code. */
export function adviceOnFault(code: string): string {
  return BY_FAULT[code] ?? BY_REASON.connect_failed ?? LATER;
}
