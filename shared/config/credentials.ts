import * as z from 'zod';
import type { Account } from './account.ts';
import { belongTogether, certificatesSchema, privateKeySchema } from './pem.ts';

/** Longest of either that is taken at all; no operator is known to give out more. */
const LONGEST_CHARACTERS = 63;

function credential(name: string, { section, most, isLong }: { section: string; most: number; isLong: boolean }) {
  const tooLong = isLong
    ? `has more than ${LONGEST_CHARACTERS} characters`
    : `has more than the ${most} characters of SMPP 3.4 section ${section}; if the operator gave out this ${name} and takes it, set longCredentials of the account`;
  return z
    .string()
    .max(isLong ? LONGEST_CHARACTERS : most, tooLong)
    .regex(/^[\x20-\x7e]*$/, 'has a character outside ASCII');
}

/**
 * What an account's secret holds: `system_id`, `password`, and where the operator asks for a certificate, `tls_cert` and its
 * `tls_key`, both PEM.
 */
export function credentialsSchema({ longCredentials: isLong }: Pick<Account, 'longCredentials'>) {
  return z
    .object({
      system_id: credential('system_id', { section: '5.2.1', most: 15, isLong }).min(1, 'is empty'),
      password: credential('password', { section: '5.2.2', most: 8, isLong }),
      tls_cert: certificatesSchema.optional(),
      tls_key: privateKeySchema.optional(),
    })
    .check((context) => {
      const { tls_cert: cert, tls_key: key } = context.value;
      const isPair = cert === undefined ? key === undefined : key !== undefined && belongTogether(cert, key);
      if (isPair) return;
      const message = 'tls_cert and tls_key must both be there and belong together';
      context.issues.push({ code: 'custom', path: ['tls_key'], message, input: undefined });
    });
}
export type Credentials = z.output<ReturnType<typeof credentialsSchema>>;
