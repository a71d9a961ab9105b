import net from 'node:net';
import tls from 'node:tls';
import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';

/** Where a message centre listens. */
export interface Endpoint {
  host: string;
  port: number;
  /** Set for smpps. */
  tls: TlsOptions | undefined;
}

export interface TlsOptions {
  /** Whether the message centre must prove who it is. */
  verify: boolean;
  /** PEM. Authorities in place of the system's list. */
  ca?: string | undefined;
  /** The name in the certificate, where it is not the host's. */
  serverName?: string | undefined;
  /** PEM. The ESME's own, where the message centre asks for one. */
  cert?: string | undefined;
  key?: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'smpp:': 2775, 'smpps:': 3550 };
const KEEP_ALIVE_AFTER_MS = 30_000;

/** Reads `smpp://host:port` or `smpps://host:port`, as the account's schema has checked it. */
export function parseEndpoint({ url, tls }: Pick<Account, 'url' | 'tls'>): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (DEFAULT_PORTS[protocol] ?? 2775) : Number(port),
    tls: protocol === 'smpps:' ? (tls ?? { verify: true }) : undefined,
  };
}

/** The endpoint with the certificate that is kept with the password. */
export function presenting(endpoint: Endpoint, { tls_cert, tls_key }: Credentials): Endpoint {
  if (endpoint.tls === undefined || tls_cert === undefined) return endpoint;
  return { ...endpoint, tls: { ...endpoint.tls, cert: tls_cert, key: tls_key } };
}

/**
 * Begins to connect. Nagle's algorithm is off: with it an answer and the next submit wait for the peer's delayed ACK, and
 * an even rate arrives uneven.
 */
export function openSocket(endpoint: Endpoint, onConnected: () => void): net.Socket {
  const { host, port } = endpoint;
  const socket =
    endpoint.tls === undefined
      ? net.connect({ host, port }, onConnected)
      : tls.connect({ host, port, ...tlsSettings(endpoint.tls, host) }, onConnected);
  return socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_AFTER_MS);
}

function tlsSettings({ verify, ca, serverName, cert, key }: TlsOptions, host: string): tls.ConnectionOptions {
  // An address cannot be a server name (RFC 6066 section 3).
  const servername = serverName ?? (net.isIP(host) === 0 ? host : '');
  return { rejectUnauthorized: verify, servername, ca, cert, key };
}
