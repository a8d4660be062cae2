import '../../styles/setup.css'
import { computed } from '@preact/signals-core'
import type { App } from '../../app.ts'
import { pathOf, type Route } from '../../platform/router.ts'
import { watch } from '../../signals/watch.ts'
import { bindAttribute, on } from '../dom/bind.ts'
import { el } from '../dom/element.ts'
import { pageFrame } from './page-frame.ts'
import { aboutSection } from './setup/about-section.ts'
import { dataSection } from './setup/data-section.ts'
import { deviceSection } from './setup/device-section.ts'
import { devicesSection } from './setup/devices-section.ts'
import { installSection } from './setup/install-section.ts'
import { limitsSection } from './setup/limits-section.ts'
import { lookSection } from './setup/look-section.ts'
import { modelsSection } from './setup/models-section.ts'
import { notificationsSection } from './setup/notifications-section.ts'
import { personasSection } from './setup/personas-section.ts'
import { providersSection } from './setup/providers-section.ts'
import { syncSection } from './setup/sync-section.ts'
import { typingSection } from './setup/typing-section.ts'

type Section = {
  /** The id of its element, and its part of the path. */
  readonly id: string
  readonly name: string
  readonly build: (alive: AbortSignal, app: App) => HTMLElement
}

/** In the order in which they stand. */
const SECTIONS: readonly Section[] = [
  { id: 'look', name: 'look', build: lookSection },
  { id: 'typing', name: 'typing', build: typingSection },
  { id: 'providers', name: 'providers', build: providersSection },
  { id: 'personas', name: 'personas', build: personasSection },
  { id: 'models', name: 'models', build: modelsSection },
  { id: 'limits', name: 'limits', build: limitsSection },
  { id: 'data', name: 'your chats', build: dataSection },
  { id: 'device', name: 'this device', build: deviceSection },
  { id: 'app', name: 'app', build: installSection },
  { id: 'notifications', name: 'notifications', build: notificationsSection },
  { id: 'devices', name: 'devices', build: devicesSection },
  { id: 'sync', name: 'sync', build: syncSection },
  { id: 'about', name: 'about', build: aboutSection },
]

/** Setup: rows and leaders, like a machine's set-up screen. `/setup/<section>` leads to one of its sections. */
export function setupPage(alive: AbortSignal, app: App): HTMLElement {
  const here = computed(() => partOf(app.router.route.value))
  const sections = SECTIONS.map(section => section.build(alive, app))
  const content = el('div', { class: 'setup' }, ...sections)
  const frame = { title: 'setup', summary: summaryOf(app), action: null, index: index(alive, app) }
  const page = pageFrame(alive, app, frame, content)
  // Not before it is on the screen: what has no place cannot be scrolled to.
  queueMicrotask(() =>
    watch(alive, here, id => sections.find(section => section.id === id)?.scrollIntoView({ block: 'start' })),
  )
  return page
}

function partOf(route: Route): string | null {
  return route.name === 'page' && route.page === 'setup' ? route.part : null
}

function summaryOf(app: App) {
  return computed(() => {
    const version = app.models.health.value?.version
    const host = window.location.hostname
    return version === undefined ? host : `${host} · llm router ${version}`
  })
}

function index(alive: AbortSignal, app: App): HTMLElement {
  const links = SECTIONS.map(({ id, name }, place) => {
    const route: Route = { name: 'page', page: 'setup', part: id }
    const link = el('a', { href: pathOf(route) }, name)
    bindAttribute(
      alive,
      link,
      'aria-current',
      computed(() => {
        const part = partOf(app.router.route.value)
        return part === id || (part === null && place === 0) ? 'true' : null
      }),
    )
    on(alive, link, 'click', event => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      app.router.go(route, { replace: true })
    })
    return link
  })
  return el('nav', { class: 'page-index scroll', 'aria-label': 'Sections' }, ...links)
}
