import type { ViewAttributes, ViewElement, ViewNode } from './view-node.ts'

/** A view node and the DOM node that shows it. */
export type Mounted = MountedText | MountedElement
type MountedText = { readonly kind: 'text'; value: string; readonly dom: Text }
export type MountedElement = {
  readonly kind: 'element'
  value: ViewElement
  readonly dom: HTMLElement
  readonly children: Mounted[]
}

/** Makes DOM nodes for a view, by `createElement` alone. */
function mount(page: Document, value: ViewNode): Mounted {
  return typeof value === 'string'
    ? { kind: 'text', value, dom: page.createTextNode(value) }
    : mountElement(page, value)
}

export function mountElement(page: Document, value: ViewElement): MountedElement {
  const dom = page.createElement(value.tag)
  writeAttributes(dom, {}, value.attributes)
  const children = value.children.map(child => mount(page, child))
  for (const child of children) dom.append(child.dom)
  return { kind: 'element', value, dom, children }
}

/**
 * Changes what is mounted into `next`, touching only what differs; false when it is another kind of node, which the caller
 * has to replace. Views are compared with views, so what a reader did to the page (a wrapped code block) stays.
 */
function patch(page: Document, mounted: Mounted, next: ViewNode): boolean {
  if (mounted.kind === 'text') {
    if (typeof next !== 'string') return false
    patchText(mounted, next)
    return true
  }
  if (mounted.value === next) return true
  if (typeof next === 'string' || mounted.value.tag !== next.tag || mounted.value.call !== next.call) return false
  writeAttributes(mounted.dom, mounted.value.attributes, next.attributes)
  mounted.value = next
  patchChildren(page, mounted, next.children)
  return true
}

/** The mounted element for `next`: the same one patched, or a new one in its place. */
export function patchOrReplace(page: Document, mounted: MountedElement, next: ViewElement): MountedElement {
  if (patch(page, mounted, next)) return mounted
  const fresh = mountElement(page, next)
  mounted.dom.replaceWith(fresh.dom)
  return fresh
}

function patchText(mounted: MountedText, next: string): void {
  if (mounted.value === next) return
  if (next.startsWith(mounted.value)) mounted.dom.appendData(next.slice(mounted.value.length))
  else mounted.dom.data = next
  mounted.value = next
}

function patchChildren(page: Document, parent: MountedElement, next: readonly ViewNode[]): void {
  const { children } = parent
  next.forEach((value, index) => {
    const child = children[index]
    if (child !== undefined && patch(page, child, value)) return
    const fresh = mount(page, value)
    if (child === undefined) parent.dom.append(fresh.dom)
    else child.dom.replaceWith(fresh.dom)
    children[index] = fresh
  })
  for (const gone of children.splice(next.length)) gone.dom.remove()
}

function writeAttributes(dom: Element, before: ViewAttributes, after: ViewAttributes): void {
  if (before === after) return
  const old = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(after)) {
    if (old.get(name) !== value) dom.setAttribute(name, value)
    old.delete(name)
  }
  for (const name of old.keys()) dom.removeAttribute(name)
}

/** Every mounted element from `top` down, in the order of the page. */
export function* walkElements(top: Mounted): Generator<MountedElement> {
  if (top.kind === 'text') return
  yield top
  for (const child of top.children) yield* walkElements(child)
}
