/** Keeps the screen from going dark. */
export interface WakeLockKeeper {
  /** Says whether the screen is to stay on; the browser decides, and takes it back whenever the page goes out of sight. */
  set(isWanted: boolean): Promise<void>
}

/** The screen's lock of this page; does nothing where the browser has none (plain HTTP, Safari before 16.4). */
export function createWakeLock(manager: WakeLock | undefined): WakeLockKeeper {
  let isWanted = false
  let held: WakeLockSentinel | null = null
  let work = Promise.resolve()

  async function follow(): Promise<void> {
    if (held?.released === true) held = null
    if (isWanted === (held !== null)) return
    if (held !== null) {
      await held.release()
      held = null
    } else if (manager !== undefined) {
      held = await manager.request('screen').catch((error: unknown) => {
        // A low battery or a page that is out of sight again: the screen goes dark as ever.
        if (error instanceof DOMException && error.name === 'NotAllowedError') return null
        throw error
      })
    }
  }
  return {
    set(isNowWanted) {
      isWanted = isNowWanted
      work = work.then(follow)
      return work
    },
  }
}
