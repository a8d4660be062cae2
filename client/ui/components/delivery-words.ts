import type { Delivery } from '../../stores/delivery.ts'
import { formatDuration } from '../format.ts'

/** After this long a waiting prompt says since when. */
const LONG_WAIT_MS = 3_600_000

/** What becomes of a prompt that has no answer yet, in a sentence or two. */
export function deliveryWords(delivery: Delivery, waitedMs: number): string {
  const queued = waitedMs < LONG_WAIT_MS ? 'Queued.' : `Queued ${formatDuration(waitedMs)} ago.`
  switch (delivery.state) {
    case 'waiting':
      return `${queued} Goes out when the pi answers.`
    case 'sending':
      return delivery.isStuck
        ? `${queued} It may be on the pi already; it is never asked twice.`
        : 'On its way to the pi.'
    case 'behind':
      return 'On the pi. Goes out when the answer before it has ended.'
    case 'held':
      return delivery.reason === 'too-old' ? `${queued} Asks you before it goes.` : refusedWords(delivery.reason)
    default:
      return delivery satisfies never
  }
}

function refusedWords(reason: Extract<Delivery, { state: 'held' }>['reason']): string {
  if (reason === 'held') {
    return 'Not sent: this model does not answer on the pi. Choose another one, then send it.'
  }
  return reason === 'budget-exceeded'
    ? 'Not sent: a limit was reached. Send it when that is raised in setup, or when its day or month is over.'
    : 'Not sent: the pi did not take it. The text is kept.'
}
