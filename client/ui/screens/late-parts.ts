import type { App } from '../../app.ts'
import { tellStorage } from '../../stores/storage-notes.ts'
import { branchList } from '../components/branch-list.ts'
import type { Composer } from '../components/composer.ts'
import { monthCash } from '../components/month-cash.ts'
import { lookAhead } from '../look-ahead.ts'
import { branchListOptions } from './branch-list-options.ts'
import { monthCashOf } from './chat-values.ts'
import { findScreen } from './find-screen.ts'
import { keepScreen } from './keep-screen.ts'
import type { ListPane } from './list-pane.ts'
import { temporaryScreen } from './temporary-screen.ts'
import type { Transcript } from './transcript.ts'

type Parts = {
  readonly talk: Transcript
  readonly list: ListPane
  readonly composer: Composer
  readonly session: HTMLElement
}

/** What the first paint does without, and each page has soon after. */
export function lateParts(alive: AbortSignal, app: App, { talk, list, composer, session }: Parts): void {
  findScreen(alive, app, { ...talk, ...list, talk: talk.element })
  tellStorage(alive, { ...app, reload: () => window.location.reload() })
  list.head.append(monthCash(alive, monthCashOf(app)))
  session.append(branchList(alive, branchListOptions(app)))
  keepScreen(app, talk.log)
  lookAhead(app)
  temporaryScreen(alive, app, { element: talk.element, composer })
}
