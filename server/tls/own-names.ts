import { isIP } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { isPrivateAddress } from '../hosts/private-addresses.ts'
import { machineNames } from '../http/own-hosts.ts'
import { isPermittedDomain } from './general-names.ts'

/** Where the machine's names come from; they change while the server runs. */
export type Surroundings = {
  readonly hostName: () => string
  readonly networkInterfaces: () => Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>
}

/** True when our authority may vouch for the host. */
export function isPermitted(host: string): boolean {
  return isIP(host) === 0 ? isPermittedDomain(host) : isPrivateAddress(host)
}

/** The hosts that a certificate of this machine is for, best for a person first: named ones, its own name, its addresses. */
export function ownNames(allowedHosts: readonly string[], surroundings: Surroundings): readonly string[] {
  const addresses = Object.values(surroundings.networkInterfaces()).flatMap(entries =>
    (entries ?? []).filter(({ internal }) => !internal).map(({ address }) => address.toLowerCase()),
  )
  const byLength = addresses.sort((left, right) => left.length - right.length)
  const all = [...allowedHosts, ...machineNames(surroundings.hostName()), ...byLength, 'localhost', '127.0.0.1', '::1']
  return [...new Set(all)].filter(isPermitted)
}
