import type { App } from '../app.ts'
import { until } from '../signals/until.ts'
import { fillNewDraft } from './fill-new-draft.ts'

/** Does what the address asks for that this page was opened with: a shortcut, or words for the box. Nothing is ever sent by it. */
export async function followLaunch(app: App, page: Window): Promise<void> {
  const asked = new URLSearchParams(page.location.search)
  // Other paths have a query of their own, which belongs to their screen.
  if (page.location.pathname !== '/' || asked.size === 0) return
  // Loaded anew, the page would do it again.
  page.history.replaceState(null, '', '/')
  if (asked.get('shared') === 'lost') {
    const text = 'This device could not keep what was shared. Share it again, or paste it here.'
    app.notes.show({ id: 'shared', tag: 'not kept', tone: 'warn', text, action: null })
  }
  switch (asked.get('open')) {
    case 'new':
      return app.router.go({ name: 'chat', conversationId: null })
    case 'search':
      app.installed.wantsFind.value = true
      return
    case 'last':
      return openLast(app)
  }
  const words = asked.get('q')?.trim() ?? ''
  if (words !== '') await fillNewDraft(app, { text: words, onTaken: async () => undefined })
}

async function openLast({ conversations, router }: App): Promise<void> {
  await until(conversations.load, ({ state }) => state !== 'opening')
  const last = conversations.list.peek()[0]
  if (last !== undefined) router.go({ name: 'chat', conversationId: last.id }, { replace: true })
}
