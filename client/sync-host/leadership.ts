import type { Scheduler } from '#shared/clock.ts'

/** The part of the browser's locks that is used here. */
export interface Locks {
  request(name: string, options: LockOptions, hold: () => Promise<void> | undefined): Promise<unknown>
}

export type LeadershipOptions = {
  /** Names what is led; nobody leads two of one name. */
  readonly lock?: string
  /** Null on plain HTTP, where browsers have none: then every tab leads, which the rules of the sync make harmless. */
  readonly locks: Locks | null
  readonly scheduler: Scheduler
  /** Sends a sign of life to the others. */
  readonly beat: () => void
  readonly onChange: (isLeader: boolean) => void
  readonly onFault: (cause: unknown) => void
}

/** Which of the tabs of one browser syncs. Only to save work: two at once do no harm, and none for a while loses nothing. */
export interface Leadership {
  /** A sign of life from the leader. */
  heard(): void
  /** Only a tab that is looked at takes over from a leader that is silent. */
  setVisible(isVisible: boolean): void
  stop(): void
}

const SYNC_LOCK = 'sync'
const BEAT_MS = 3000
/** A frozen tab keeps its lock and does nothing (dxos/dxos#11757). */
const LONGEST_SILENCE_MS = 10_000

/** Asks for the lock at once, and leads as soon as it is there. */
export function createLeadership(options: LeadershipOptions): Leadership {
  const { lock = SYNC_LOCK, locks, scheduler, beat, onChange, onFault } = options
  let state: 'following' | 'leading' | 'stopped' = 'following'
  let isVisible = false
  let stopTimer = (): void => undefined
  let release = (): void => undefined
  let wish = new AbortController()

  function ask(how: 'wait' | 'steal'): void {
    wish.abort()
    const own = new AbortController()
    wish = own
    const lockOptions: LockOptions = how === 'steal' ? { steal: true } : { signal: own.signal }
    locks?.request(lock, lockOptions, lead).catch((error: unknown) => {
      if (own.signal.aborted) return
      const isTakenOver = error instanceof DOMException && error.name === 'AbortError'
      if (!isTakenOver) return onFault(error)
      follow()
      ask('wait')
    })
  }

  function lead(): Promise<void> | undefined {
    if (state === 'stopped') return undefined
    state = 'leading'
    onChange(true)
    beatOn()
    return new Promise(resolve => {
      release = resolve
    })
  }

  function follow(): void {
    state = 'following'
    onChange(false)
    watchLeader()
  }

  function beatOn(): void {
    beat()
    stopTimer()
    stopTimer = scheduler.after(BEAT_MS, beatOn)
  }

  function watchLeader(): void {
    stopTimer()
    stopTimer = scheduler.after(LONGEST_SILENCE_MS, () => {
      if (isVisible) ask('steal')
      else watchLeader()
    })
  }

  if (locks === null) {
    state = 'leading'
    onChange(true)
  } else {
    watchLeader()
    ask('wait')
  }
  return {
    heard: () => {
      if (state === 'following') watchLeader()
    },
    setVisible: isNowVisible => {
      isVisible = isNowVisible
      if (state === 'following') watchLeader()
    },
    stop: () => {
      state = 'stopped'
      wish.abort()
      stopTimer()
      release()
    },
  }
}
