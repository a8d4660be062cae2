/**
 * Starts a worker before anybody needs it, so that its file is fetched meanwhile. The first call gives it, each other one starts
 * another, and so does the first when its file could not be fetched.
 */
export function spawnAhead(spawn: () => Worker): () => Worker {
  let ahead: Worker | null = spawn()
  ahead.addEventListener('error', () => {
    ahead = null
  })
  return () => {
    const worker = ahead ?? spawn()
    ahead = null
    return worker
  }
}
