import { BlockList, isIPv4, isIPv6 } from 'node:net'

type Subnet = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }

/** What no address of the public internet is in: loopback, home networks, and the range of carriers that Tailscale uses too. */
export const PRIVATE_SUBNETS: readonly Subnet[] = [
  { address: '10.0.0.0', prefix: 8, family: 'ipv4' },
  { address: '172.16.0.0', prefix: 12, family: 'ipv4' },
  { address: '192.168.0.0', prefix: 16, family: 'ipv4' },
  { address: '100.64.0.0', prefix: 10, family: 'ipv4' },
  { address: '127.0.0.0', prefix: 8, family: 'ipv4' },
  { address: 'fc00::', prefix: 7, family: 'ipv6' },
  { address: '::1', prefix: 128, family: 'ipv6' },
]

const PRIVATE = new BlockList()
for (const { address, prefix, family } of PRIVATE_SUBNETS) PRIVATE.addSubnet(address, prefix, family)

export function isPrivateAddress(host: string): boolean {
  if (isIPv4(host)) return PRIVATE.check(host, 'ipv4')
  return isIPv6(host) && !host.startsWith('::ffff:') && PRIVATE.check(host, 'ipv6')
}

/** True for a host that a browser takes for its own machine, and so for safe without a certificate. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
}
