import type { Account } from '../../shared/config/account.ts';
import type { Credentials } from '../../shared/config/credentials.ts';
import type { Log } from '../../shared/log/log.ts';
import type { Bind, BindType } from '../smpp/pdu.ts';
import type { Clock } from './clock.ts';
import type { CloseReason } from './close-reason.ts';
import { faultCode } from './connection.ts';
import { type Endpoint, presenting } from './endpoint.ts';
import type { SessionStatus } from './link-status.ts';
import type { SubmitGate } from './pacing.ts';
import { nextRetry, type RetryState } from './reconnect.ts';
import { Session } from './session.ts';
import type { SessionCounters } from './session-counters.ts';
import type { SessionHandlers } from './session-options.ts';
import type { SessionSettings } from './session-settings.ts';
import type { Phase } from './session-state.ts';
import type { StatusTable } from './status-table.ts';

export interface KeptSessionOptions<C> {
  account: Account;
  bindType: BindType;
  endpoint: Endpoint;
  statuses: StatusTable;
  settings: SessionSettings;
  /** Read again before each bind, so that a new secret needs no restart. */
  credentials: () => Promise<Credentials>;
  timeScale: number;
  clock: Clock;
  /** From 0 to 1, 1 excluded. */
  random: () => number;
  gate: SubmitGate;
  counters: SessionCounters;
  log: Log;
  handlers: Omit<SessionHandlers<C>, 'onPhase'> & { onStatus(): void };
}

/** SMPP 3.4 is 0x34 (5.2.4). */
const INTERFACE_VERSION = 0x34;

/** How long a session that is to be replaced waits for its answers. */
const REBIND_DRAIN_MS = 5_000;

/** Keeps one bind alive: session after session until it is closed. */
export class KeptSession<C> {
  readonly #options: KeptSessionOptions<C>;
  /** Counts connections. Credentials that were asked for an earlier one come too late; a Session is used for one only. */
  #generation = 0;
  #session: Session<C> | undefined;
  #status: SessionStatus;
  #boundAtMs: number | undefined;
  #retry: RetryState | undefined;
  /** The command_status for which the present session is to be replaced. */
  #rebindFor: number | undefined;
  #cancelWait: () => void = () => {};
  #closing = false;
  readonly #closed = Promise.withResolvers<void>();

  constructor(options: KeptSessionOptions<C>) {
    this.#options = options;
    this.#status = { state: 'closed', since: options.clock.now() };
  }

  get status(): SessionStatus {
    return this.#status;
  }

  get session(): Session<C> | undefined {
    return this.#session;
  }

  start(): void {
    if (this.#closing || this.#generation > 0) return;
    void this.#connect();
  }

  /** Resolves when the connection is closed and none will follow. */
  close(drainMs: number): Promise<void> {
    this.#end((session) => session.close(drainMs));
    return this.#closed.promise;
  }

  /** Ends the session in peace, and another one follows. @param commandStatus the answer that showed it not to be bound */
  rebind(commandStatus: number): void {
    if (this.#session === undefined || this.#rebindFor !== undefined) return;
    this.#rebindFor = commandStatus;
    this.#session.close(REBIND_DRAIN_MS);
  }

  destroy(): void {
    this.#end((session) => session.destroy());
  }

  #end(endSession: (session: Session<C>) => void): void {
    this.#closing = true;
    this.#cancelWait();
    if (this.#session !== undefined) return endSession(this.#session);
    this.#generation += 1;
    if (this.#status.state !== 'closed') this.#become({ state: 'closed', reason: 'requested' });
    this.#closed.resolve();
  }

  async #connect(): Promise<void> {
    const { account, endpoint, handlers, log } = this.#options;
    this.#generation += 1;
    const generation = this.#generation;
    this.#become({ state: 'connecting' });
    let credentials: Credentials;
    try {
      credentials = await this.#readCredentials();
    } catch (error) {
      if (generation !== this.#generation) return;
      log.warn('the credentials cannot be used', { account: account.name, error });
      return this.#lost({ reason: 'credentials_unavailable', detail: faultCode(error) });
    }
    if (generation !== this.#generation) return;
    this.#session = new Session({
      ...this.#options,
      endpoint: presenting(endpoint, credentials),
      handlers: { ...handlers, onPhase: (phase) => this.#onPhase(phase) },
    });
    this.#session.start(this.#bindPdu(credentials));
  }

  /** A secret store that never answers must not wedge the link: it has as long as a connection has. */
  async #readCredentials(): Promise<Credentials> {
    const { clock, credentials, settings } = this.#options;
    const overdue = Promise.withResolvers<never>();
    const cancel = clock.setTimer(settings.connectMs, () => overdue.reject(new CredentialsOverdue()));
    try {
      return await Promise.race([credentials(), overdue.promise]);
    } finally {
      cancel();
    }
  }

  #bindPdu(credentials: Credentials): Bind {
    const { account, bindType } = this.#options;
    return {
      command: `bind_${bindType}`,
      systemId: credentials.system_id,
      password: credentials.password,
      systemType: account.systemType,
      interfaceVersion: INTERFACE_VERSION,
      addressTon: 0,
      addressNpi: 0,
      addressRange: account.addressRange,
    };
  }

  #onPhase(phase: Phase): void {
    const { clock, gate, bindType } = this.#options;
    switch (phase.name) {
      case 'connecting':
      case 'open':
        // Connecting is the status since before the credentials were read; what `open` leads to comes soon.
        return;
      case 'bound':
        this.#boundAtMs = clock.now();
        if (bindType !== 'receiver') gate.holdAfterBind(this.#boundAtMs);
        return this.#become({ state: 'bound' });
      case 'binding':
      case 'unbinding':
        return this.#become({ state: phase.name });
      case 'closed':
        return this.#lost(this.#lossOf(phase.reason));
    }
  }

  /** A session that was to make way for another has ended for that reason, however it came to its end. */
  #lossOf(reason: CloseReason | undefined): CloseReason {
    if (!this.#closing && this.#rebindFor !== undefined) return { reason: 'rebind', commandStatus: this.#rebindFor };
    return reason ?? { reason: 'requested' };
  }

  #lost(reason: CloseReason): void {
    const { clock, counters, random, statuses, timeScale } = this.#options;
    const boundForMs = this.#boundAtMs === undefined ? 0 : clock.now() - this.#boundAtMs;
    this.#session = undefined;
    this.#boundAtMs = undefined;
    this.#rebindFor = undefined;
    counters.closed(reason.reason);
    if (this.#closing) {
      this.#become({ state: 'closed', ...reason });
      return this.#closed.resolve();
    }
    const { rule, attempt, waitMs, alarm } = nextRetry(this.#retry, reason, {
      statuses,
      boundForMs,
      random: random(),
      timeScale,
    });
    this.#retry = { rule, attempt };
    this.#cancelWait = clock.setTimer(waitMs, () => void this.#connect());
    this.#become({ state: 'waiting', ...reason, attempt, retryInMs: Math.round(waitMs), alarm });
  }

  /** The one place where the status changes. */
  #become(status: Omit<SessionStatus, 'since'>): void {
    const { account, bindType, clock, handlers, log } = this.#options;
    this.#status = { ...status, since: clock.now() };
    const fields = { account: account.name, bindType, generation: this.#generation, ...status };
    if (status.alarm === true) log.error(`session ${status.state}`, fields);
    else log.info(`session ${status.state}`, fields);
    handlers.onStatus();
  }
}

class CredentialsOverdue extends Error {
  readonly code = 'CREDENTIALS_OVERDUE';
}
