import { connectionFailure, incompleteAnswer } from '../failure.ts'
import type { ProviderEvent } from '../provider.ts'
import { type AnswerReader, createAnswerReader } from './answer-reader.ts'
import type { CallContext } from './failures.ts'

type BodyReader = ReadableStreamDefaultReader<Uint8Array>
type Piece = Awaited<ReturnType<BodyReader['read']>>

// A server closes the line right behind its last word; one that does not is not waited for longer than this.
const CLOSING_TIME_MS = 1000

/**
 * Yields the events of an answer that the provider has accepted, one batch for each piece of network data. Ends without
 * throwing when the signal aborts; throws AppError where the answer failed or is not whole, after all that came before.
 */
export async function* readStream(
  response: Response,
  context: CallContext,
  signal: AbortSignal,
): AsyncGenerator<readonly ProviderEvent[]> {
  yield [{ type: 'accepted', requestId: response.headers.get('x-request-id') ?? response.headers.get('request-id') }]
  const reader = response.body?.getReader()
  if (reader === undefined) throw incompleteAnswer(context.provider)
  const answer = createAnswerReader(context)
  try {
    for (let isOver = false; !isOver; ) {
      const piece = await nextPiece(reader, context, signal)
      if (piece === null) return
      const { events, failure } = readPiece(answer, piece)
      yield events
      if (failure !== null) throw failure.error
      isOver = piece.done || answer.isOver()
    }
  } finally {
    void release(reader, answer.isOver() && !signal.aborted)
  }
}

/** The next piece of the body; null when the call was stopped on purpose. */
async function nextPiece(reader: BodyReader, context: CallContext, signal: AbortSignal): Promise<Piece | null> {
  try {
    const piece = await reader.read()
    return signal.aborted ? null : piece
  } catch (error) {
    if (signal.aborted) return null
    throw connectionFailure(context.provider, error, { started: true })
  }
}

/** Keeps what came before a failure apart from the failure itself: the caller yields the one, then throws the other. */
function readPiece(
  answer: AnswerReader,
  piece: Piece,
): { events: ProviderEvent[]; failure: { error: unknown } | null } {
  const events: ProviderEvent[] = []
  try {
    if (piece.value !== undefined) answer.push(piece.value, events)
    if (piece.done || answer.isOver()) answer.end(events)
    return { events, failure: null }
  } catch (error) {
    return { events, failure: { error } }
  }
}

/**
 * Lets go of the body. After a whole answer it is read to its end, so that the connection serves the next call too; in
 * all other cases it is closed, which tells the provider to stop.
 */
async function release(reader: BodyReader, isWhole: boolean): Promise<void> {
  if (!isWhole) return closeBody(reader)
  const timer = setTimeout(() => void closeBody(reader), CLOSING_TIME_MS)
  await Promise.allSettled([readToEnd(reader)])
  clearTimeout(timer)
}

async function readToEnd(reader: BodyReader): Promise<void> {
  let piece = await reader.read()
  while (!piece.done) piece = await reader.read()
}

async function closeBody(reader: BodyReader): Promise<void> {
  // A line that is already broken cannot be closed, which is as good.
  await Promise.allSettled([reader.cancel()])
}
