import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/** Decides whether a host name or address, lower-case and without port or brackets, is one of ours. */
export type IsOwnHost = (host: string) => boolean

/**
 * Names and addresses under which this machine is reached: its own, those of its network interfaces, and `allowed`.
 * A page of a stranger that rebinds its DNS name to this machine still says its own name here, and is refused.
 */
export function ownHosts(allowed: readonly string[]): IsOwnHost {
  const names = new Set(['localhost', '127.0.0.1', '::1', ...allowed.filter(host => host !== 'private')])
  const own = hostname().toLowerCase()
  names.add(own)
  if (!own.includes('.')) names.add(`${own}.local`)
  const isPrivateAllowed = allowed.includes('private')
  return host => {
    if (names.has(host) || host.endsWith('.localhost')) return true
    if (isPrivateAllowed && (isPrivateAddress(host) || host.endsWith('.local'))) return true
    return isInterfaceAddress(host)
  }
}

/** Asked for at each call: a laptop changes its networks. */
function isInterfaceAddress(host: string): boolean {
  if (!isIPv4(host) && !isIPv6(host)) return false
  return Object.values(networkInterfaces()).some(addresses => addresses?.some(({ address }) => address === host))
}

const PRIVATE = new BlockList()
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4')
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4')
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4')
PRIVATE.addSubnet('100.64.0.0', 10, 'ipv4')
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4')
PRIVATE.addSubnet('fc00::', 7, 'ipv6')

function isPrivateAddress(host: string): boolean {
  if (isIPv4(host)) return PRIVATE.check(host, 'ipv4')
  return isIPv6(host) && PRIVATE.check(host, 'ipv6')
}
