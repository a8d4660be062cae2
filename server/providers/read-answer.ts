import * as v from 'valibot'
import { connectionFailure, incompleteAnswer } from './failure.ts'
import type { ProviderEvent } from './provider.ts'

/** Reads one provider's answer from its bytes, however they were cut. */
export interface AnswerReader {
  /** Adds what these bytes tell. Throws AppError where the provider reports a failure; what came before it is added. */
  push(bytes: Uint8Array, events: ProviderEvent[]): void
  /** Adds what was held back, as no more bytes come. */
  end(events: ProviderEvent[]): void
  /** True once the provider's terminal event has come. */
  isFinished(): boolean
}

type ReadOptions = {
  /** The provider's name as shown to a person. */
  readonly provider: string
  readonly reader: AnswerReader
  readonly signal: AbortSignal
}

/**
 * The body of an answer as batches of events, one for each piece of network data. Closes the line after the terminal
 * event and when `signal` aborts; throws `provider-incomplete` when the line ends or breaks before that.
 */
export async function* readAnswer(
  body: AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<ProviderEvent[]> {
  const { provider, reader, signal } = options
  for await (const bytes of untilBroken(body, options)) {
    if (signal.aborted) return
    yield* readPiece(provider, events => reader.push(bytes, events))
    if (reader.isFinished() || signal.aborted) return
  }
  if (signal.aborted) return
  yield* readPiece(provider, events => reader.end(events))
  if (!reader.isFinished() && !signal.aborted) throw incompleteAnswer(provider)
}

/** Only what the line itself throws is the provider's fault; a mistake of ours must not be taken for one. */
async function* untilBroken(
  body: AsyncIterable<Uint8Array>,
  { provider, signal }: ReadOptions,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (error) {
    if (signal.aborted) return
    throw connectionFailure(provider, error, { started: true })
  }
}

/** What came before a failure in the same piece of data is part of the answer, so it is told before the failure is. */
function* readPiece(provider: string, read: (events: ProviderEvent[]) => void): Generator<ProviderEvent[]> {
  const events: ProviderEvent[] = []
  try {
    read(events)
  } catch (error) {
    yield events
    // Data that cannot be read was cut or mangled on its way.
    if (error instanceof SyntaxError || v.isValiError(error)) throw incompleteAnswer(provider, error)
    throw error
  }
  yield events
}
