import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { childLife, watch } from '../../signals/watch.ts'

type Entry<Item> = { readonly node: HTMLElement; readonly item: Signal<Item>; end(): void }

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
  return items => {
    const keys = new Set(items.map(options.keyOf))
    for (const [key, entry] of entries) {
      if (keys.has(key)) continue
      entry.end()
      entry.node.remove()
      entries.delete(key)
    }
    return items.map(item => update(entries, options, alive, item).node)
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

function update<Item>(
  entries: Map<string, Entry<Item>>,
  options: KeyedOptions<Item>,
  alive: AbortSignal,
  item: Item,
): Entry<Item> {
  const key = options.keyOf(item)
  const known = entries.get(key)
  if (known !== undefined) {
    known.item.value = item
    return known
  }
  const life = childLife(alive)
  const source = signal(item)
  const entry = { node: options.create(life.alive, source), item: source, end: life.end }
  entries.set(key, entry)
  return entry
}
