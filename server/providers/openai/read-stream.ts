import { incompleteAnswer } from '../failure.ts'
import type { ProviderEvent } from '../provider.ts'
import { readAnswer } from '../read-answer.ts'
import { createAnswerReader } from './answer-reader.ts'
import type { CallContext } from './failures.ts'

type BodyReader = ReadableStreamDefaultReader<Uint8Array>

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
  const { provider } = context
  if (response.body === null) throw incompleteAnswer(provider)
  const reader = createAnswerReader(context)
  const isWhole = (): boolean => reader.isFinished() && !signal.aborted
  yield* readAnswer(readBytes(response.body.getReader(), isWhole), { provider, reader, signal })
}

/** The bytes of a body, which is let go of in the right way when their reader leaves. */
async function* readBytes(body: BodyReader, isWhole: () => boolean): AsyncGenerator<Uint8Array> {
  try {
    for (let piece = await body.read(); !piece.done; piece = await body.read()) yield piece.value
  } finally {
    void release(body, isWhole())
  }
}

/**
 * Lets go of the body. After a whole answer it is read to its end, so that the connection serves the next call too; in
 * all other cases it is closed, which tells the provider to stop.
 */
async function release(body: BodyReader, isWhole: boolean): Promise<void> {
  if (!isWhole) return closeBody(body)
  const timer = setTimeout(() => void closeBody(body), CLOSING_TIME_MS)
  await Promise.allSettled([readToEnd(body)])
  clearTimeout(timer)
}

async function readToEnd(body: BodyReader): Promise<void> {
  let piece = await body.read()
  while (!piece.done) piece = await body.read()
}

async function closeBody(body: BodyReader): Promise<void> {
  // A line that is already broken cannot be closed, which is as good.
  await Promise.allSettled([body.cancel()])
}
