import { isIPv4, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { isPrivateAddress } from '../hosts/private-addresses.ts'

/** Decides whether a host name or address, lower-case and without port or brackets, is one of ours. */
export type IsOwnHost = (host: string) => boolean

/**
 * Names and addresses under which this machine is reached: its own, those of its network interfaces, and `allowed`.
 * A page of a stranger that rebinds its DNS name to this machine still says its own name here, and is refused.
 */
export function ownHosts(allowed: readonly string[]): IsOwnHost {
  const names = new Set(['localhost', '127.0.0.1', '::1', ...allowed.filter(host => host !== 'private')])
  for (const name of machineNames(hostname())) names.add(name)
  const isPrivateAllowed = allowed.includes('private')
  return host => {
    if (names.has(host) || host.endsWith('.localhost')) return true
    if (isPrivateAllowed && (isPrivateAddress(host) || host.endsWith('.local'))) return true
    return isInterfaceAddress(host)
  }
}

/** What the network calls a machine of this host name. */
export function machineNames(hostName: string): readonly string[] {
  const own = hostName.toLowerCase()
  return own.includes('.') ? [own] : [own, `${own}.local`]
}

/** Asked for at each call: a laptop changes its networks. */
function isInterfaceAddress(host: string): boolean {
  if (!isIPv4(host) && !isIPv6(host)) return false
  return Object.values(networkInterfaces()).some(addresses => addresses?.some(({ address }) => address === host))
}
