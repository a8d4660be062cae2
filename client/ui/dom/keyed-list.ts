import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'

type Entry<Item> = { readonly node: HTMLElement; readonly item: Signal<Item>; readonly life: AbortController }

export type KeyedOptions<Item> = {
  keyOf(item: Item): string
  /** Builds the node of one item once; later versions of the item come through the signal. */
  create(alive: AbortSignal, item: ReadonlySignal<Item>): HTMLElement
}

export type KeyedListOptions<Item> = KeyedOptions<Item> & { readonly items: ReadonlySignal<readonly Item[]> }

/** Keeps a parent's children equal to a list: nodes are made once a key, moved when the order changes, removed with their life. */
export function keyedList<Item>(alive: AbortSignal, parent: HTMLElement, options: KeyedListOptions<Item>): void {
  const nodesOf = keyedNodes(alive, options)
  watch(alive, options.items, items => placeNodes(parent, nodesOf(items)))
}

/** The nodes of the newest list of items, in its order; those whose items are not in it any more are taken out of the page. */
export function keyedNodes<Item>(
  alive: AbortSignal,
  options: KeyedOptions<Item>,
): (items: readonly Item[]) => readonly HTMLElement[] {
  const entries = new Map<string, Entry<Item>>()
  // One listener for all: a long list would spend half of its making on one for each.
  const end = (): void => {
    for (const { life } of entries.values()) life.abort()
  }
  alive.addEventListener('abort', end, { once: true })
  return items => {
    const keys = new Set(items.map(options.keyOf))
    for (const [key, entry] of entries) {
      if (keys.has(key)) continue
      entry.life.abort()
      entry.node.remove()
      entries.delete(key)
    }
    return items.map(item => update(entries, options, item).node)
  }
}

/** Makes these nodes a parent's first children; those that stand there already are not touched. */
export function placeNodes(parent: HTMLElement, nodes: readonly HTMLElement[]): void {
  let place = parent.firstElementChild
  for (const node of nodes) {
    if (node === place) place = place.nextElementSibling
    else parent.insertBefore(node, place)
  }
}

function update<Item>(entries: Map<string, Entry<Item>>, options: KeyedOptions<Item>, item: Item): Entry<Item> {
  const key = options.keyOf(item)
  const known = entries.get(key)
  if (known !== undefined) {
    known.item.value = item
    return known
  }
  const life = new AbortController()
  const source = signal(item)
  const entry = { node: options.create(life.signal, source), item: source, life }
  entries.set(key, entry)
  return entry
}
