import { createSyncEngine, type EngineOptions } from '../sync/sync-engine.ts'
import { createLiveFeed } from './live-feed.ts'
import { createSyncNet } from './sync-net.ts'
import type { Command, News } from './worker-messages.ts'

export type LeaderOptions = Omit<EngineOptions, 'net'> & {
  readonly fetch: typeof fetch
  readonly tell: (news: News) => void
  /** Whether somebody can see a page of this browser. */
  readonly isSeen: boolean
}

/** The engine at work, with its line to the server. */
export interface Leader {
  obey(command: Command): void
  setSeen(isSeen: boolean): void
  stop(): void
}

/** Starts to sync. */
export function createLeader({ fetch, tell, isSeen, ...options }: LeaderOptions): Leader {
  const { scheduler, onFault } = options
  const { randomBytes } = options.context
  const life = new AbortController()
  const engine = createSyncEngine({ ...options, net: createSyncNet({ fetch }) })
  engine.status.watch(life.signal, status => tell({ kind: 'status', status }))
  engine.start()
  // What waits from earlier is counted, and shown, even where no server answers.
  engine.edited({ isUrgent: false })
  const feed = createLiveFeed({
    fetch,
    scheduler,
    randomBytes,
    onEvent: event => (event.kind === 'poke' ? engine.poke(event.at) : tell({ kind: 'run', run: event.run })),
    onLost: engine.wake,
    onFault,
    isSeen,
  })
  return {
    setSeen: feed.setSeen,
    obey: command => {
      switch (command.kind) {
        case 'hello':
          return tell({ kind: 'status', status: engine.status.current() })
        case 'edited':
          return engine.edited(command)
        case 'wake':
          feed.reopen()
          return engine.wake()
        case 'open':
          return engine.open(command.conversationId)
        default:
          return command satisfies never
      }
    },
    stop: () => {
      feed.stop()
      engine.stop()
      life.abort()
    },
  }
}
