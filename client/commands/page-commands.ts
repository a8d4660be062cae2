import type { CommandHandler } from './command-handler.ts'

/** What opens a page or a sheet, and the way back. */
export const PAGE_COMMANDS = {
  undo: ({ app }) => {
    const note = app.notes.notes.peek().findLast(({ action }) => action?.label === 'undo')
    if (note === undefined) return 'There is nothing to undo.'
    note.action?.run()
    return null
  },
  cost: host => {
    host.openSession()
    return null
  },
  usage: ({ app }) => {
    app.router.go({ name: 'page', page: 'usage', part: null })
    return null
  },
  export: host => {
    host.openExport(host.conversation())
    return null
  },
  import: host => {
    host.openImport()
    return null
  },
  setup: host => {
    host.openSetup()
    return null
  },
  keys: host => {
    host.openKeys()
    return null
  },
  help: host => {
    host.openPalette('>')
    return null
  },
} as const satisfies Record<string, CommandHandler>
