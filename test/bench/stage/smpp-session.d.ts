/** The session of `smpp` 0.5.1, which the benches compare with; the package brings no types. */
declare module 'smpp' {
  export type Fields = Record<string, string | number | Buffer>;
  export interface PackagePdu {
    command_status: number;
    short_message?: { message: string | Buffer };
    response(): PackagePdu;
  }
  export interface Session {
    bind_transceiver(fields: Fields, onAnswer: (pdu: PackagePdu) => void): boolean;
    submit_sm(fields: Fields, onAnswer: (pdu: PackagePdu) => void): boolean;
    unbind(fields: Fields, onAnswer: (pdu: PackagePdu) => void): boolean;
    send(pdu: PackagePdu): boolean;
    close(): void;
    on(event: 'deliver_sm' | 'enquire_link', listener: (pdu: PackagePdu) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
  }
  const smpp: { connect(options: { url: string }): Session };
  export default smpp;
}
