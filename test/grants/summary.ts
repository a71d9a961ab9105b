import type { PlacedReason } from '../../cdk/local/assembly.ts';
import type { GrantLine } from '../../cdk/local/grant-record.ts';
import type { Right } from '../../cdk/local/iam/rights.ts';

export interface SummarizedRight extends Right {
  used: boolean;
  /** Of a right with a wildcard; undefined where nobody gave one. */
  reason?: string;
  wildcard: boolean;
}

/** Resources that one loop makes and one call grants: one for each account and lane. They are used alike, so one of them speaks for all. */
const FAMILIES = /^(Lanes|Credentials)\/[^/]+/;

const inFamily = ({ grantee, action, resource }: Right): Right => ({
  grantee,
  action,
  resource: resource.replace(FAMILIES, '$1/(each)'),
});

function reasonFor({ grantee, action }: Right, reasons: readonly PlacedReason[]): string | undefined {
  return reasons.find((reason) => reason.actions.includes(action) && `${grantee}/`.startsWith(`${reason.place}/`))
    ?.reason;
}

/** What all runs together were granted, and what of it they used. */
export function summarize(lines: readonly GrantLine[]): SummarizedRight[] {
  const granted = new Map<string, Right>();
  const used = new Set<string>();
  const reasons: PlacedReason[] = [];
  for (const line of lines) {
    if (line.kind === 'reason') {
      reasons.push(line.reason);
      continue;
    }
    const right = inFamily(line.right);
    const key = JSON.stringify(right);
    if (line.kind === 'granted') granted.set(key, right);
    else used.add(key);
  }
  return [...granted]
    .map(([key, right]) => {
      const wildcard = /[*?]/.test(`${right.action}${right.resource}`);
      const reason = wildcard ? reasonFor(right, reasons) : undefined;
      return { ...right, used: used.has(key), wildcard, ...(reason === undefined ? {} : { reason }) };
    })
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What must not be: granted for nothing, or wider than anybody can say why. */
export function complaints(rights: readonly SummarizedRight[]): string[] {
  return rights.flatMap(({ grantee, action, resource, used, wildcard, reason }) => {
    const right = `${grantee}: ${action} on ${resource}`;
    return [
      ...(used ? [] : [`never used: ${right}`]),
      ...(wildcard && reason === undefined ? [`a wildcard without a reason: ${right}`] : []),
    ];
  });
}
