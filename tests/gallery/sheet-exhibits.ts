import { computed, signal } from '@preact/signals-core'
import type { Persona } from '#shared/records.ts'
import type { OutlineRow } from '../../client/stores/chat-outline.ts'
import type { ExportState } from '../../client/transfer/export-flow.ts'
import type { ImportState } from '../../client/transfer/import-flow.ts'
import { answerFacts } from '../../client/ui/components/answer-facts.ts'
import { openPalette } from '../../client/ui/menus/palette.ts'
import { openExportSheet } from '../../client/ui/sheets/export-sheet.ts'
import { openImportSheet } from '../../client/ui/sheets/import-sheet.ts'
import { openKeysSheet } from '../../client/ui/sheets/keys-sheet.ts'
import { openMessageSheet } from '../../client/ui/sheets/message-sheet.ts'
import { openModelPicker } from '../../client/ui/sheets/model-picker.ts'
import { openPersonaSheet } from '../../client/ui/sheets/persona-sheet.ts'
import { openProviderSheet } from '../../client/ui/sheets/provider-sheet.ts'
import { openRecoverySheet } from '../../client/ui/sheets/recovery-sheet.ts'
import { openSessionSheet } from '../../client/ui/sheets/session-sheet.ts'
import { openTagSheet } from '../../client/ui/sheets/tag-sheet.ts'
import { type Exhibit, nothing, opened } from './exhibit.ts'
import { MODELS, madeAnswer, madeConversation, NOW_MS } from './made-up-rows.ts'

const PERSONA: Persona = {
  id: 'terse',
  name: 'terse engineer',
  system_prompt: 'Answer in steps.',
  model: null,
  params: { temperature: 0.2 },
  deleted_at: null,
}

/** What opens over the page. Each comes with the sheet around it. */
export function sheetExhibits(): readonly Exhibit[] {
  return [pickers(), aboutChats(), personas(), transfers(), others()]
}

function pickers(): Exhibit {
  const models = (list: typeof MODELS, status: string) => () =>
    opened(host =>
      openModelPicker(host, {
        models: signal(list),
        currentId: MODELS[0]?.id ?? null,
        status: signal(status),
        onChoose: nothing,
      }),
    )
  const palette = (text: string) => () =>
    opened(host =>
      openPalette(host, {
        text,
        sources: signal({ model: [], persona: [], conversation: [] }),
        isApple: false,
        onRun: nothing,
      }),
    )
  return {
    parts: ['sheets/model-picker', 'sheets/model-options', 'menus/palette', 'components/sheet'],
    states: {
      models: models(MODELS, ''),
      'no models': models([], 'Asking the pi which models answer.'),
      commands: palette('mo'),
      'no such command': palette('xyzzy'),
    },
  }
}

function aboutChats(): Exhibit {
  const answer = madeAnswer()
  const branches: readonly OutlineRow[] = [
    { message: answer, rails: [], fork: 'middle', place: [1, 2], isShown: true },
    { message: madeAnswer({ content: 'Turn the radio off.' }), rails: [], fork: 'last', place: [2, 2], isShown: false },
  ]
  const session = (isNew: boolean) => () =>
    opened(host =>
      openSessionSheet(host, {
        values: signal({
          modelId: answer.model,
          model: MODELS[0] ?? null,
          messages: [answer],
          costNanousd: 12_400_000,
          todayNanousd: null,
          monthNanousd: null,
        }),
        conversation: isNew ? null : madeConversation({}),
        persona: { personas: signal([PERSONA]), settings: signal(PERSONA), onChoose: nothing },
        sync: {
          facts: signal([{ name: 'not yet on your pi', value: '0 changes', tone: 'ok' }]),
          words: signal(isNew ? 'This page is older than the pi.' : ''),
          onRetry: nothing,
        },
        branches: { rows: signal(isNew ? [] : branches), path: signal('#'), onGo: nothing },
        onRename: nothing,
        onPin: nothing,
        onTags: nothing,
        onArchive: nothing,
        onExport: nothing,
        onDelete: nothing,
        onModel: nothing,
        onSetup: nothing,
      }),
    )
  const act = (label: string, hint = '', tone: '' | 'err' = '') => ({ label, hint, tone, run: nothing })
  return {
    parts: [
      'sheets/session-sheet',
      'components/branch-list',
      'components/outline-row',
      'sheets/sync-part',
      'sheets/persona-choice',
      'sheets/message-sheet',
      'sheets/tag-sheet',
    ],
    states: {
      'of a chat': session(false),
      'of a new chat, the sync stopped': session(true),
      'of a message': () =>
        opened(host =>
          openMessageSheet(host, {
            message: answer,
            facts: computed(() => answerFacts(answer)),
            siblings: [{ name: 'beside gpt-5-mini', value: '41% same · 12 words more' }],
            rawUsage: signal('{ "input_tokens": 1300 }'),
            acts: [act('copy'), act('retry', '≈ $0.0091'), act('delete', 'with what follows', 'err')],
            onClose: nothing,
          }),
        ),
      tags: () => opened(host => openTagSheet(host, { tags: ['home', 'work'], onTags: nothing })),
    },
  }
}

function personas(): Exhibit {
  const state = (persona: Persona | null, isStandard: boolean) => () =>
    opened(host =>
      openPersonaSheet(host, {
        persona,
        isStandard,
        modelIds: MODELS.map(({ id }) => id),
        onSave: nothing,
        onStandard: nothing,
        onDelete: nothing,
        onApply: nothing,
      }),
    )
  return {
    parts: ['sheets/persona-sheet'],
    states: { 'a new one': state(null, false), 'the default': state(PERSONA, true) },
  }
}

function transfers(): Exhibit {
  const out = (state: ExportState) => () =>
    opened(host =>
      openExportSheet(host, {
        scope: { words: 'this chat', conversationIds: ['chat'] },
        createFlow: () => ({ state: signal(state), start: async () => null, stop: nothing }),
        canShare: () => true,
        onSave: nothing,
        onShare: nothing,
      }),
    )
  const nowMs = signal(NOW_MS)
  const wait = async (): Promise<void> => undefined
  const bring = (state: ImportState) => () =>
    opened(host =>
      openImportSheet(host, {
        flow: {
          state: signal(state),
          earlier: signal([]),
          look: wait,
          start: wait,
          stop: nothing,
          undo: wait,
          reset: wait,
        },
        nowMs,
      }),
    )
  const file = new File(['{}'], 'phone drops the stream.json')
  return {
    parts: ['sheets/export-sheet', 'sheets/import-sheet', 'sheets/choose-file', 'sheets/report-facts'],
    states: {
      'take out': out({ at: 'choose' }),
      'writing the file': out({ at: 'writing', chats: 118, of: 236 }),
      'the file is there': out({ at: 'done', result: { file, conversations: 1, incomplete: 0 } }),
      'it was not written': out({ at: 'failed', message: 'This device has no room for the file.' }),
      'bring in': bring({ at: 'choose' }),
      'looking at a file': bring({ at: 'trying', chats: 118 }),
      'what is in it': bring({ at: 'tried', report: REPORT }),
      'bringing in': bring({ at: 'importing', chats: 118, of: 236 }),
      'brought in': bring({ at: 'done', report: REPORT, batchId: 'batch' }),
      'not a file it knows': bring({ at: 'failed', message: 'This is no export of a program that is known here.' }),
    },
  }
}

const REPORT = {
  sources: ['chatgpt'],
  conversations: { new: 12, grown: 1, unchanged: 3 },
  messages: { new: 148, unchanged: 20, versions: 4 },
  missing: 2,
  from: NOW_MS - 9e9,
  to: NOW_MS,
  models: [{ name: 'gpt-4o', messages: 70 }],
  skipped: [{ reason: 'a picture without its file', count: 2 }],
  skipped_items: [],
} as const satisfies Extract<ImportState, { at: 'tried' }>['report']

function others(): Exhibit {
  return {
    parts: ['sheets/keys-sheet', 'sheets/provider-sheet', 'sheets/recovery-sheet'],
    states: {
      keys: () => opened(host => openKeysSheet(host, false)),
      'a provider without a key': () =>
        opened(host => openProviderSheet(host, { id: 'openai', state: 'missing', modelCount: 0, standing: null })),
      'any other provider': () => opened(host => openProviderSheet(host, null)),
      'data that cannot be opened': () =>
        opened(host =>
          openRecoverySheet(host, {
            reason: 'What this device keeps is damaged.',
            rescue: async () => ({ file: new Blob(), name: 'unsent.json', note: '' }),
            startOver: async () => false,
            reload: nothing,
          }),
        ),
    },
  }
}
