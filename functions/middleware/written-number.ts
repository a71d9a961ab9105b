import { normalizeNumber } from '../../shared/domain/phone-number.ts';
import { fieldRefusal } from './refusal.ts';

/** The number that stands at `pointer` of a request, E.164. @throws Refusal where it is none that can be reached */
export function writtenNumber(pointer: string, written: string): string {
  const number = normalizeNumber(written);
  if (number.kind === 'ok') return number.e164;
  throw fieldRefusal(pointer, number.code, number.detail);
}
