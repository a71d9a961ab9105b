/** Why a connection to the message centre ended, or never came about. Stable words: they stand in logs and metrics. */
export type CloseWord =
  | 'requested'
  /** The owner wanted another session: the message centre said that this one is not bound. */
  | 'rebind'
  /** The secret could not be read, so no connection was tried. */
  | 'credentials_unavailable'
  /** Refused, unreachable, name not found, certificate not accepted: `detail` has the system's code. */
  | 'connect_failed'
  | 'connect_timeout'
  /** `commandStatus` says why. */
  | 'bind_refused'
  | 'bind_timeout'
  /** The answer belongs to another bind type. */
  | 'bind_mismatched'
  /** The bind itself does not fit its fields: a fault of configuration. */
  | 'bind_not_encodable'
  | 'enquire_link_timeout'
  /** The link is alive, but submits are not answered any more. */
  | 'submits_unanswered'
  | 'peer_not_reading'
  | 'peer_unbound'
  | 'peer_closed'
  /** `detail` has the system's code. */
  | 'connection_lost'
  /** A PDU announced an impossible length: the stream is out of step. `detail` has the length. */
  | 'bad_length';

export interface CloseReason {
  reason: CloseWord;
  commandStatus?: number;
  detail?: string;
}
