/** Where the events of a stream are put. */
export interface EventSink {
  /** False when the reader is too far behind: it is let go, comes back and gets a snapshot. */
  write(bytes: Uint8Array): boolean
  end(): void
}

const MOST_WAITING_BYTES = 1024 * 1024
const COMMENT_EVERY_MS = 15_000
const COMMENT = new TextEncoder().encode(': alive\n\n')

/**
 * A plain `text/event-stream` response. `start` gets the sink and returns what to do when the reader is gone. No hop-by-hop
 * header is set: Hono's own helper does, and over HTTP/2 that ends the process (honojs/hono#4041).
 */
export function eventStream(start: (sink: EventSink) => () => void): Response {
  let stop: (() => void) | null = null
  let timer: NodeJS.Timeout | undefined
  let isOpen = true

  const body = new ReadableStream<Uint8Array>(
    {
      start: controller => {
        const close = () => {
          isOpen = false
          clearInterval(timer)
        }
        const sink: EventSink = {
          write: bytes => {
            if (!isOpen) return false
            controller.enqueue(bytes)
            return (controller.desiredSize ?? 0) > 0
          },
          end: () => {
            if (!isOpen) return
            close()
            controller.close()
          },
        }
        timer = setInterval(() => sink.write(COMMENT), COMMENT_EVERY_MS)
        timer.unref()
        stop = start(sink)
      },
      cancel: () => {
        isOpen = false
        clearInterval(timer)
        stop?.()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING_BYTES }),
  )
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    },
  })
}
