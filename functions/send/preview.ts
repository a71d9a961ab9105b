import { optionalTime } from '../../shared/contracts/message.ts';
import type { MessagePreview, PreviewRequest } from '../../shared/contracts/message-preview.ts';
import { segmentSmartly } from '../../shared/encoding/smart-encoding.ts';
import { unencodableInGsm7 } from '../../shared/encoding/unencodable.ts';
import type { LoadWatch } from '../middleware/load-watch.ts';
import { foreseenWait } from './early-refusal.ts';
import { type MeaningContext, readRequest } from './meaning.ts';
import { type OptOutDependencies, optOutFaults } from './opt-outs.ts';

export interface PreviewDependencies extends OptOutDependencies {
  loads: Pick<LoadWatch, 'load'>;
  /** Epoch milliseconds. */
  now: () => number;
}

/** More would tell nobody more. */
const MOST_CHARACTERS = 20;

/** What `POST /v1/messages` would make of a message, and everything that it would say against it. */
export async function previewMessage(
  request: PreviewRequest,
  context: MeaningContext,
  dependencies: PreviewDependencies,
): Promise<MessagePreview> {
  const { account } = context;
  const { lane } = request;
  const { number, sender, segmentation, text, time, faults } = readRequest(request, context);
  const to = number?.kind === 'ok' ? number.e164 : null;
  const optedOut = to === null ? [] : await optOutFaults([{ to, lane }], account.name, dependencies);
  const errors = [...faults, ...optedOut.filter((fault) => fault !== undefined)];
  const divided = segmentation.kind === 'ok' ? segmentation : undefined;
  const goesAtOnce = time.kind === 'ok' && time.sendAt === undefined;
  return {
    would_be_accepted: errors.length === 0,
    errors,
    account: account.name,
    lane,
    to,
    from: sender?.kind === 'ok' ? sender.from : null,
    encoding: divided?.encoding ?? null,
    segments: divided?.segments.length ?? null,
    units: divided?.units ?? null,
    outside_gsm7: unencodableInGsm7(request.text, MOST_CHARACTERS),
    smart_encoding: smartEncodingOf(request, { applied: text !== request.text }),
    send_at: time.kind === 'ok' ? optionalTime(time.sendAt) : null,
    estimated_wait_seconds: goesAtOnce ? ((await foreseenWait(lane, account, dependencies)) ?? null) : null,
  };
}

/** What it would change if it were asked for, in the way that it was asked for if it was. */
function smartEncodingOf(request: PreviewRequest, { applied }: { applied: boolean }): MessagePreview['smart_encoding'] {
  const smart = segmentSmartly(request, request.smart_encoding === 'with_peso' ? 'with_peso' : true);
  if (smart.kind === 'kept' || smart.segmentation.kind !== 'ok') return null;
  const { encoding, segments } = smart.segmentation;
  return { applied, text: smart.text, encoding, segments: segments.length, replacements: smart.replacements };
}
