import type { Measured, Task } from './search-engine.ts'
import engineWorkerUrl from './search-engine-worker.ts?worker&url'

/** Does one task in a worker of its own, which stays: its memory is what is measured. */
function run(task: Task): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(engineWorkerUrl, { type: 'module' })
    worker.addEventListener('message', ({ data }: MessageEvent<{ measured?: Measured; failure?: string }>) => {
      if (data.measured === undefined) reject(new Error(data.failure))
      else resolve(data.measured)
    })
    worker.addEventListener('error', ({ message }) => reject(new Error(message)))
    worker.postMessage(task)
  })
}

Reflect.set(window, 'runTask', run)
