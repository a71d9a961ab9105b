import { embeddedLine } from '../../shared/metrics/embedded-format.ts';
import { functionMetric } from '../../shared/metrics/function-lines.ts';

/** Tells of an account, as a metric, that a receipt came whose state nobody has heard of. */
export function unheardOfTeller({
  stage,
  now,
  write,
}: {
  stage: string;
  /** Epoch milliseconds. */
  now: () => number;
  /** Gets each line without its newline. */
  write: (line: string) => void;
}): (account: string) => void {
  return (account) => {
    const metrics = [functionMetric('ReceiptsUnheardOf', 1)];
    write(
      embeddedLine({ program: 'apply-receipts', at: now(), dimensions: { Stage: stage, Account: account }, metrics }),
    );
  };
}
