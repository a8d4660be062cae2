/** Small strings kept on this device. Reading or writing never throws: private windows and full disks refuse storage. */
export interface LocalStore {
  get(key: string): string | null
  /** False when the device refused to keep it. */
  set(key: string, value: string): boolean
  remove(key: string): void
}

/** The page's own storage where the browser allows one, else memory, which lasts as long as the page. */
export function openLocalStore(storage: Storage | null): LocalStore {
  const memory = new Map<string, string>()
  return {
    get: key => memory.get(key) ?? storage?.getItem(key) ?? null,
    set(key, value) {
      if (storage === null) {
        memory.set(key, value)
        return false
      }
      try {
        storage.setItem(key, value)
        memory.delete(key)
        return true
      } catch {
        // A full or forbidden storage is reported by the return value; the page keeps the text meanwhile.
        memory.set(key, value)
        return false
      }
    },
    remove(key) {
      memory.delete(key)
      storage?.removeItem(key)
    },
  }
}

/** The page's `localStorage`, or the tab's `sessionStorage`; null where even reading the property throws (cookies blocked). */
export function pageStorage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null
  }
}
