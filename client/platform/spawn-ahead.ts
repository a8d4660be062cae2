export type WorkerAhead = {
  /** The worker that was started, the first time; another one each time after it. */
  readonly take: () => Worker
  /** Ends the worker that nobody took. */
  readonly drop: () => void
}

/** Starts a worker before anybody needs it, so that its file is fetched meanwhile. One whose file did not come is given to nobody. */
export function spawnAhead(spawn: () => Worker): WorkerAhead {
  let ahead: Worker | null = spawn()
  ahead.addEventListener('error', () => {
    ahead = null
  })
  return {
    take: () => {
      const worker = ahead ?? spawn()
      ahead = null
      return worker
    },
    drop: () => {
      ahead?.terminate()
      ahead = null
    },
  }
}
