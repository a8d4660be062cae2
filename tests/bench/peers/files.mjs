async function handleOf(name, create) {
  const root = await navigator.storage.getDirectory()
  const file = await root.getFileHandle(name, { create })
  return file.createSyncAccessHandle()
}

export async function writeText(name, text) {
  const handle = await handleOf(name, true)
  const encoder = new TextEncoder()
  const STEP = 1 << 24
  let at = 0
  for (let from = 0; from < text.length; from += STEP)
    at += handle.write(encoder.encode(text.slice(from, from + STEP)), { at })
  handle.flush()
  handle.close()
}

export async function readText(name) {
  const handle = await handleOf(name, false)
  const bytes = new Uint8Array(handle.getSize())
  handle.read(bytes, { at: 0 })
  handle.close()
  return new TextDecoder().decode(bytes)
}
