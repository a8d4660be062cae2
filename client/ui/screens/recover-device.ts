import type { App } from '../../app.ts'
import { rescueUnsent, startOver } from '../../database/rescue-unsent.ts'
import type { OpenedDevice } from '../../device/device.ts'
import { loadWords } from '../components/load-words.ts'
import { openRecoverySheet } from '../sheets/recovery-sheet.ts'

type Closed = Extract<OpenedDevice, { state: 'closed' }>

/** Offers to save what only this device has, and to begin anew. */
export function recoverDevice(app: App, host: HTMLElement, closed: Closed): void {
  const ports = { factory: window.indexedDB, scheduler: app.scheduler }
  openRecoverySheet(host, {
    reason: loadWords(closed, 'Chats'),
    rescue: async () => {
      const { tables, unreadable } = await rescueUnsent(ports)
      const saved_at = app.clock.now()
      const content = { what: 'llm-router unsent', saved_at, typed: app.drafts.unsaved(), ...tables, unreadable }
      const day = new Date(saved_at).toISOString().slice(0, 10)
      const note =
        unreadable.length === 0 ? 'Saved.' : `Saved what could be read. Not readable: ${unreadable.join(', ')}.`
      const file = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' })
      return { file, name: `llm-router-unsent-${day}.json`, note }
    },
    startOver: () => startOver(ports),
    reload: () => window.location.reload(),
  })
}
