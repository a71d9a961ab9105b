import { type Segmentation, type SegmentRequest, segmentText } from './segment.ts';
import { type Replacement, replaceLookalikes } from './smart-replacements.ts';

/** `with_peso`: besides what looks alike, ₱ becomes PHP. */
export type SmartEncoding = boolean | 'with_peso';

export type SmartText =
  /** As it was written: smart encoding is off, would gain nothing, or has nothing to replace. */
  | { kind: 'kept'; segmentation: Segmentation }
  /** `without` is what the text would have been as it was written. */
  | { kind: 'replaced'; text: string; segmentation: Segmentation; replacements: Replacement[]; without: Segmentation };

/**
 * Divides a text into segments, and first replaces characters by lookalikes of the GSM alphabet: only where that saves a
 * segment, or makes a text possible in the encoding that was asked for. All of them or none: a text in which some quotes are
 * curly and others straight looks like a mistake.
 */
export function segmentSmartly(request: Pick<SegmentRequest, 'text' | 'encoding'>, smart: SmartEncoding): SmartText {
  const without = segmentText(request);
  const kept: SmartText = { kind: 'kept', segmentation: without };
  if (smart === false || request.encoding === 'ucs2') return kept;
  const { text, replacements } = replaceLookalikes(request.text, { peso: smart === 'with_peso' });
  // Of a text that is nothing but invisible nothing would be left.
  if (replacements.length === 0 || text === '') return kept;
  const segmentation = segmentText({ ...request, text });
  if (segmentation.kind !== 'ok' || !gains(segmentation, without)) return kept;
  return { kind: 'replaced', text, segmentation, replacements, without };
}

function gains(by: Extract<Segmentation, { kind: 'ok' }>, without: Segmentation): boolean {
  return without.kind !== 'ok' || by.segments.length < without.segments.length;
}
