/** As much of the DOM as the client's makers of nodes use, counting the changes that are made. */
export class FakeDocument {
  changes = 0

  createElement(tag: string): FakeElement {
    return new FakeElement(this, tag)
  }

  createTextNode(data: string): FakeText {
    return new FakeText(this, data)
  }
}

class FakeNode {
  readonly ownerDocument: FakeDocument
  parent: FakeElement | null = null

  constructor(ownerDocument: FakeDocument) {
    this.ownerDocument = ownerDocument
  }

  remove(): void {
    if (this.parent === null) return
    this.ownerDocument.changes++
    this.parent.childNodes.splice(this.parent.childNodes.indexOf(this), 1)
    this.parent = null
  }

  replaceWith(next: FakeNode): void {
    this.after(next)
    this.remove()
  }

  before(next: FakeNode): void {
    this.parent?.insert(next, this.parent.childNodes.indexOf(this))
  }

  after(next: FakeNode): void {
    this.parent?.insert(next, this.parent.childNodes.indexOf(this) + 1)
  }

  get textContent(): string {
    return ''
  }
}

export class FakeText extends FakeNode {
  #data: string

  constructor(ownerDocument: FakeDocument, data: string) {
    super(ownerDocument)
    this.#data = data
  }

  get data(): string {
    return this.#data
  }

  set data(value: string) {
    this.ownerDocument.changes++
    this.#data = value
  }

  appendData(value: string): void {
    this.data = this.#data + value
  }

  override get textContent(): string {
    return this.#data
  }
}

export class FakeElement extends FakeNode {
  readonly tag: string
  readonly attributes = new Map<string, string>()
  readonly childNodes: FakeNode[] = []
  readonly #listeners: ((event: { target: FakeElement }) => void)[] = []

  constructor(ownerDocument: FakeDocument, tag: string) {
    super(ownerDocument)
    this.tag = tag
  }

  insert(child: FakeNode, index: number): void {
    this.ownerDocument.changes++
    child.parent = this
    this.childNodes.splice(index, 0, child)
  }

  append(child: FakeNode): void {
    this.insert(child, this.childNodes.length)
  }

  setAttribute(name: string, value: string): void {
    this.ownerDocument.changes++
    this.attributes.set(name, value)
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null
  }

  set className(value: string) {
    this.setAttribute('class', value)
  }

  replaceChildren(...children: (FakeNode | string)[]): void {
    this.textContent = ''
    for (const child of children)
      this.append(typeof child === 'string' ? this.ownerDocument.createTextNode(child) : child)
  }

  removeAttribute(name: string): void {
    this.ownerDocument.changes++
    this.attributes.delete(name)
  }

  toggleAttribute(name: string): boolean {
    if (this.attributes.delete(name)) return false
    this.attributes.set(name, '')
    return true
  }

  override get textContent(): string {
    return this.childNodes.map(child => child.textContent).join('')
  }

  override set textContent(value: string) {
    this.ownerDocument.changes++
    this.childNodes.length = 0
    if (value !== '') this.append(this.ownerDocument.createTextNode(value))
  }

  addEventListener(_type: 'click', listener: (event: { target: FakeElement }) => void): void {
    this.#listeners.push(listener)
  }

  /** A click on `target` that has bubbled up to this element. */
  clickOn(target: FakeElement): void {
    for (const listener of this.#listeners) listener({ target })
  }

  /** The nearest ancestor that matches the last word of a selector: a tag, perhaps with a class or an attribute. */
  closest(selector: string): FakeElement | null {
    return matches(this, selector) ? this : (this.parent?.closest(selector) ?? null)
  }

  querySelector(selector: string): FakeElement | null {
    return [...this.elements()].find(element => element !== this && matches(element, selector)) ?? null
  }

  *elements(): Generator<FakeElement> {
    yield this
    for (const child of this.childNodes) if (child instanceof FakeElement) yield* child.elements()
  }
}

function matches(element: FakeElement, selector: string): boolean {
  const [, tag, className, attribute] = /(\w+)(?:\.([\w-]+))?(?:\[([\w-]+)\])?$/.exec(selector) ?? []
  const classes = element.getAttribute('class')?.split(' ') ?? []
  return (
    element.tag === tag &&
    (className === undefined || classes.includes(className)) &&
    (attribute === undefined || element.attributes.has(attribute))
  )
}

/** The element's markup, with attributes in the order of their names. */
export function outerHtml(node: FakeElement): string {
  const attributes = [...node.attributes].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const written = attributes.map(([name, value]) => ` ${name}="${value}"`).join('')
  const children = node.childNodes.map(child =>
    child instanceof FakeElement ? outerHtml(child) : JSON.stringify(child.textContent),
  )
  return `<${node.tag}${written}>${children.join('')}</${node.tag}>`
}

/** The fake as the type that the code under test takes; what that code uses of the type is what this file has. */
export function asHtmlElement(element: unknown): HTMLElement {
  if (!standsForElement(element)) throw new TypeError('Only an element of a fake document can stand for one.')
  return element
}

function standsForElement(value: unknown): value is HTMLElement {
  return value instanceof FakeElement
}
