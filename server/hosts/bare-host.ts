/** `[::1]:8000` → `::1`; a name is lower-cased and otherwise taken as it is, so that `localhost.` or `a@localhost` stay foreign. */
export function bareHost(host: string): string {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]@/\\]+))(?::\d{1,5})?$/i.exec(host)
  return (found?.[1] ?? found?.[2] ?? '').toLowerCase()
}

/** A host as it stands in an address: IPv6 in brackets. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
