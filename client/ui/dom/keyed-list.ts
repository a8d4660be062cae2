import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import { childLife, watch } from '../../signals/watch.ts'

type Entry<Item> = { readonly node: HTMLElement; readonly item: Signal<Item>; end(): void }

export type KeyedListOptions<Item> = {
  readonly items: ReadonlySignal<readonly Item[]>
  keyOf(item: Item): string
  /** Builds the node of one item once; later versions of the item come through the signal. */
  create(alive: AbortSignal, item: ReadonlySignal<Item>): HTMLElement
}

/** Keeps a parent's children equal to a list: nodes are made once a key, moved when the order changes, removed with their life. */
export function keyedList<Item>(alive: AbortSignal, parent: HTMLElement, options: KeyedListOptions<Item>): void {
  const entries = new Map<string, Entry<Item>>()
  watch(alive, options.items, items => {
    const keys = new Set(items.map(options.keyOf))
    for (const [key, entry] of entries) {
      if (keys.has(key)) continue
      entry.end()
      entry.node.remove()
      entries.delete(key)
    }
    let place = parent.firstElementChild
    for (const item of items) {
      const entry = update(entries, options, alive, item)
      if (entry.node === place) place = place.nextElementSibling
      else parent.insertBefore(entry.node, place)
    }
  })
}

function update<Item>(
  entries: Map<string, Entry<Item>>,
  options: KeyedListOptions<Item>,
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
