import { type ReadonlySignal, signal } from '@preact/signals-core'
import type { Clock } from '#shared/clock.ts'
import type { CallReport } from '../api/api-client.ts'
import type { Failure } from '../api/outcome.ts'

/** The link between this device and the server, as the connection line shows it. */
export type Link =
  | { readonly state: 'unknown' }
  | { readonly state: 'up'; readonly latencyMs: number }
  | { readonly state: 'slow'; readonly latencyMs: number }
  | { readonly state: 'offline'; readonly sinceMs: number }
  | { readonly state: 'silent'; readonly sinceMs: number }
  | { readonly state: 'broken'; readonly status: number | null }
  | { readonly state: 'log-in' }

export interface ConnectionStore {
  readonly link: ReadonlySignal<Link>
  report(report: CallReport): void
}

const SLOW_MS = 1_000

/** Learns from each call how the link is; asks nothing by itself. */
export function createConnectionStore(clock: Clock): ConnectionStore {
  const link = signal<Link>({ state: 'unknown' })
  return {
    link,
    report(report) {
      link.value = report.ok ? linkUp(report.latencyMs) : linkDown(report.failure, link.peek(), clock.now())
    },
  }
}

function linkUp(latencyMs: number): Link {
  return { state: latencyMs > SLOW_MS ? 'slow' : 'up', latencyMs }
}

function linkDown(failure: Failure, before: Link, nowMs: number): Link {
  switch (failure.kind) {
    case 'offline':
    case 'silent':
      return before.state === failure.kind ? before : { state: failure.kind, sinceMs: nowMs }
    case 'refused':
      return { state: 'log-in' }
    case 'broken':
      return { state: 'broken', status: failure.status }
    default:
      return failure satisfies never
  }
}
