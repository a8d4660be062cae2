/** A certificate chain and its key, in PEM. */
export type KeyedCertificate = { readonly cert: string; readonly key: string }

/** Where the HTTPS port has its certificate from. */
export interface CertificateSource {
  current(): KeyedCertificate
  /** Calls `listener` with each certificate that takes the place of the current one, until the source is stopped. */
  onChange(listener: (next: KeyedCertificate) => void): void
  stop(): void
}
