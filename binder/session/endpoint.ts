import net from 'node:net';
import tls from 'node:tls';

/** Where a message centre listens. */
export interface Endpoint {
  host: string;
  port: number;
  /** Set for smpps. */
  tls: TlsOptions | undefined;
}

/** PEM texts. Certificates are always verified; `ca` replaces the system's list, `cert` and `key` are the ESME's own. */
export interface TlsOptions {
  ca?: string;
  cert?: string;
  key?: string;
  /** The name in the certificate, where it is not the host's. */
  servername?: string;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'smpp:': 2775, 'smpps:': 3550 };
const KEEP_ALIVE_AFTER_MS = 30_000;

/** Reads `smpp://host:port` or `smpps://host:port`, as the account's schema has checked it. */
export function parseEndpoint(url: string, tlsOptions: TlsOptions = {}): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (DEFAULT_PORTS[protocol] ?? 2775) : Number(port),
    tls: protocol === 'smpps:' ? tlsOptions : undefined,
  };
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

function tlsSettings(options: TlsOptions, host: string): tls.ConnectionOptions {
  // An address cannot be a server name (RFC 6066 section 3).
  return { rejectUnauthorized: true, servername: net.isIP(host) === 0 ? host : '', ...options };
}
