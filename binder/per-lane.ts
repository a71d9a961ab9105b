import type { Lane } from '../shared/config/account.ts';

export type PerLane<T> = Record<Lane, T>;

export function perLane<T>(make: (lane: Lane) => T): PerLane<T> {
  return { otp: make('otp'), transactional: make('transactional'), bulk: make('bulk') };
}
