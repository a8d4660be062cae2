import type { MessageStatus } from './records.ts'

/** A run's life: `queued → starting → streaming → done | error | cancelled | interrupted`. */
export type RunState = 'queued' | 'starting' | 'streaming' | 'done' | 'error' | 'cancelled' | 'interrupted'
export type RunEnd = Extract<RunState, 'done' | 'error' | 'cancelled' | 'interrupted'>

/** True once nothing can be added to the answer. */
export function isRunEnd(state: RunState): state is RunEnd {
  return state === 'done' || state === 'error' || state === 'cancelled' || state === 'interrupted'
}

/** The status that an answer shows for the state of its run. */
export function messageStatusOf(state: RunState): MessageStatus {
  switch (state) {
    case 'queued':
      return 'queued'
    case 'starting':
    case 'streaming':
      return 'streaming'
    case 'done':
      return 'complete'
    case 'error':
    case 'cancelled':
    case 'interrupted':
      return state
    default:
      return state satisfies never
  }
}
