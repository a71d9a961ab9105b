/** Licences under which a package may be part of what is deployed: they ask for their text to be kept, and for nothing of ours. */
export const ALLOWED = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0'];

/** As npm's lock file describes an installed package. */
export interface LockedPackage {
  version?: string;
  license?: string;
  dev?: boolean;
}

/** Whether one of the licences of an expression such as `(MIT OR GPL-3.0-or-later)` is allowed. With AND all must be. */
function isAllowed(expression: string): boolean {
  const alternatives = expression.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((one) => one.split(' AND ').every((licence) => ALLOWED.includes(licence.trim())));
}

/** Production packages of a lock file whose licence is not on the list, a line for each. */
export function licenceProblems(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { license = '', version = '', dev = false }]) => {
    if (path === '' || dev || isAllowed(license)) return [];
    return [`${path.replace(/^node_modules\//, '')} ${version}: ${license === '' ? 'no licence' : license}`];
  });
}
