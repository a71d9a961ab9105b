import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as z from 'zod';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function isReadable(read: () => unknown): boolean {
  try {
    return Boolean(read());
  } catch {
    return false;
  }
}

function areCertificates(pem: string): boolean {
  const found = pem.match(CERTIFICATE) ?? [];
  const nothingElse = pem.replace(CERTIFICATE, '').trim() === '';
  return found.length > 0 && nothingElse && found.every((each) => isReadable(() => new X509Certificate(each)));
}

/** One or more certificates, PEM. */
export const certificatesSchema = z
  .string()
  .refine(areCertificates, 'one or more certificates in PEM and nothing else; a private key belongs into the secret');

/** A private key that needs no passphrase, PEM. */
export const privateKeySchema = z
  .string()
  .refine((pem) => isReadable(() => createPrivateKey(pem)), 'a private key in PEM that needs no passphrase');

/** Whether a certificate is that of a private key. False also where either cannot be read. */
export function belongTogether(certificate: string, privateKey: string): boolean {
  return isReadable(() => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey)));
}
