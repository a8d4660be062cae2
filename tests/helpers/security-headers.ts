/** What every answer of the server carries, word for word. */
const SECURITY_HEADERS: readonly (readonly [name: string, value: string])[] = [
  [
    'content-security-policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types llmr-url",
  ],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['origin-agent-cluster', '?1'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(self), usb=(), payment=(), browsing-topics=()'],
  ['x-dns-prefetch-control', 'off'],
]

/** The security headers that an answer lacks or has otherwise; empty when all is well. */
export function wrongHeaders(headers: { get(name: string): string | null | undefined }): string[] {
  const wrong = SECURITY_HEADERS.filter(([name, value]) => headers.get(name) !== value).map(([name]) => name)
  const strays = ['access-control-allow-origin', 'strict-transport-security', 'x-powered-by'].filter(name =>
    headers.get(name),
  )
  return [...wrong, ...strays]
}
