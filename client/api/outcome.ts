import type { ErrorDetail } from '#shared/errors.ts'

/** Why a call brought nothing. Three different things for a person: the device, the way, the other side. */
export type Failure =
  /** This device has no network. */
  | { readonly kind: 'offline' }
  /** There is a network, but nothing answers at the address. */
  | { readonly kind: 'silent' }
  /** The server understood and said no. */
  | { readonly kind: 'refused'; readonly status: number; readonly error: ErrorDetail }
  /** Something answered, but not our server, or not as agreed; null where its status is not known. */
  | { readonly kind: 'broken'; readonly status: number | null }

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

/** True where waiting may help: nothing was decided on the other side. */
export function isUnreachable(failure: Failure): boolean {
  return (
    failure.kind === 'offline' ||
    failure.kind === 'silent' ||
    (failure.kind === 'broken' && (failure.status ?? 0) >= 502)
  )
}

/** The failure as a sentence for a person. */
export function failureText(failure: Failure): string {
  switch (failure.kind) {
    case 'offline':
      return 'This device has no network.'
    case 'silent':
      return 'The pi does not answer. Check that it is on and on the same network.'
    case 'refused':
      return failure.error.message
    case 'broken':
      return `The pi answered in a way this page does not understand${failure.status === null ? '' : ` (status ${failure.status})`}.`
    default:
      return failure satisfies never
  }
}
