import type { ReadonlySignal } from '@preact/signals-core'
import { watch } from '../../signals/watch.ts'
import { setAttribute } from './element.ts'

/** Keeps an element's text equal to a signal until `alive` ends. */
export function bindText(alive: AbortSignal, element: Element, text: ReadonlySignal<string>): void {
  watch(alive, text, value => {
    element.textContent = value
  })
}

/** Keeps one attribute equal to a signal; `false` and null remove it. */
export function bindAttribute(
  alive: AbortSignal,
  element: Element,
  name: string,
  value: ReadonlySignal<string | number | boolean | null>,
): void {
  watch(alive, value, next => setAttribute(element, name, next))
}

/** Shows an element while the signal is true. */
export function bindShown(alive: AbortSignal, element: HTMLElement, isShown: ReadonlySignal<boolean>): void {
  watch(alive, isShown, value => {
    element.hidden = !value
  })
}

/** A part of the page that is built when it is first to be seen, and then shown while the signal is true. Put it in its place at once. */
export function shownPart(alive: AbortSignal, isShown: ReadonlySignal<boolean>, create: () => HTMLElement): Node {
  const place = document.createTextNode('')
  let part: HTMLElement | null = null
  watch(alive, isShown, value => {
    if (part !== null) part.hidden = !value
    else if (value) {
      part = create()
      place.replaceWith(part)
    }
  })
  return part ?? place
}

/** Listens until `alive` ends. */
export function on<Name extends keyof HTMLElementEventMap>(
  alive: AbortSignal,
  target: HTMLElement,
  name: Name,
  listener: (event: HTMLElementEventMap[Name]) => void,
): void {
  target.addEventListener(name, listener, { signal: alive })
}
