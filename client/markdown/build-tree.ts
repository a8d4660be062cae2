import type { Event } from 'micromark-util-types'
import { blockEnter, blockExit } from './build-blocks.ts'
import { inlineEnter, inlineExit } from './build-inlines.ts'
import type { BlockNode, LinkDefinition } from './markdown-tree.ts'
import { type Handlers, openFrame, type TreeState, topFrame } from './tree-state.ts'

const enter: Handlers = { ...blockEnter, ...inlineEnter }
const exit: Handlers = { ...blockExit, ...inlineExit }

export type BuiltTree = Omit<TreeState, 'frames' | 'referenceRadix' | 'position'> & {
  readonly nodes: readonly BlockNode[]
}

/** Folds events into a tree without recursion, so that no nesting can exhaust the stack. */
export function buildTree(
  events: readonly Event[],
  options: { readonly definitions: ReadonlyMap<string, LinkDefinition>; readonly ownOrigin: string },
): BuiltTree {
  const state: TreeState = {
    ...options,
    frames: [],
    calls: [],
    footnotes: [],
    blockStarts: [],
    partStarts: new Map(),
    looseAt: new Map(),
    referenceRadix: 0,
    position: 0,
  }
  const root = openFrame(state, 'root', 0)
  for (; state.position < events.length; state.position++) {
    const index = state.position
    const event = events[index]
    if (event === undefined) continue
    noteLooseness(state, event)
    const [phase, token, context] = event
    const handler = (phase === 'enter' ? enter : exit)[token.type]
    handler?.({ state, token, context, events, index })
  }
  return { ...state, nodes: root.blocks }
}

/**
 * A list is loose when a blank line stands directly inside it, other than right after a marker:
 *     - a
 *
 *     - b
 *     ^ the blank line before this item
 */
function noteLooseness(state: TreeState, [phase, token]: Event): void {
  const frame = topFrame(state)
  const list = frame.kind === 'item' ? state.frames.at(-2) : frame
  if (list?.kind !== 'list') return
  if (token._container) list.isAtMarker = false
  else if (token.type === 'listItemPrefix') list.isAtMarker = phase === 'exit'
  else if (token.type === 'lineEndingBlank') {
    if (phase !== 'enter') return
    if (list.isAtMarker) list.isAtMarker = false
    else list.looseAt = Math.min(list.looseAt, token.start.offset)
  } else if (token.type !== 'linePrefix') list.isAtMarker = false
}
