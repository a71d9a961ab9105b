// What every bench sends: one segment of ordinary length. Names nothing of the product, for the plain client imports it too.

export const SAMPLE = {
  from: 'Bindery',
  /** As the operator's guide wants it; the benches count upward from here. */
  to: '09171230000',
  text: 'Your parcel 4711 is out for delivery and will reach you today between 14:00 and 16:00.',
};

/** Nth of many recipients, in the national form. */
export function recipient(n: number): string {
  return `0918${String(n).padStart(7, '0')}`;
}
