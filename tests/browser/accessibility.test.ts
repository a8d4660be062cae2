import { mkdtempSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { THEMES } from '../../client/stores/settings-store.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, PHONE } from '../helpers/browser.ts'
import { writeShowcase } from '../helpers/showcase.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { TOUR } from '../helpers/tour.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** The line below an answer says `1.3k→348` to the eye and the same in words to the ear; axe counts this rule as an experiment. */
const SPOKEN_FACTS = { 'label-content-name-mismatch': { enabled: false } }
const PLAIN_THEMES = THEMES.filter(theme => theme !== 'auto')

let browser: Browser
let server: TestServer

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))
  writeShowcase(join(folder, 'llm-router.db'), Date.now())
  server = await startTestServer({ folder, client: staticFiles('dist') })
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

describe.each([
  ['a phone', PHONE],
  ['a desk', DESK],
])('on %s', (_, device) => {
  test.each(TOUR.map(view => [view.name, view] as const))('axe finds nothing in any theme: %s', async (_name, view) => {
    const context = await browser.newContext(device)
    const page = await context.newPage()
    await view.open(page, server.url)
    await page.evaluate(AXE)
    const found: string[] = []
    for (const theme of PLAIN_THEMES) found.push(...(await violationsIn(page, theme)))
    await context.close()
    expect(found).toEqual([])
  })
})

/** How the text of the page can be made larger, or the page narrower, than on most devices. */
const TIGHT = [
  { width: 320, textSize: '100%' },
  { width: 320, textSize: '125%' },
  { width: 390, textSize: '200%' },
] as const

test.each(TOUR.map(view => [view.name, view] as const))(
  'a narrow phone and large text cut nothing off, and forced colours show the focus: %s',
  async (_name, view) => {
    const context = await browser.newContext({ ...PHONE, isMobile: false })
    const page = await context.newPage()
    await view.open(page, server.url)
    const cut: string[] = []
    for (const { width, textSize } of TIGHT) {
      await page.setViewportSize({ width, height: 844 })
      await page.evaluate(size => {
        document.documentElement.style.fontSize = size
      }, textSize)
      for (const found of await page.evaluate(cutOff)) cut.push(`${width} px, ${textSize}: ${found}`)
    }
    await page.emulateMedia({ forcedColors: 'active' })
    const unseen: string[] = []
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab')
      unseen.push(...(await page.evaluate(focusWithoutSign)))
    }
    await context.close()
    expect({ cut, unseen }).toEqual({ cut: [], unseen: [] })
  },
)

/** What stands beside the screen, or makes a part of it scroll sideways; code, tables and a command line may. */
function cutOff(): readonly string[] {
  const { clientWidth } = document.documentElement
  const named = (element: Element, words: string) => `${element.localName}.${element.className} ${words}`
  return [...document.querySelectorAll<HTMLElement>('body *')].flatMap(element => {
    if (!element.checkVisibility() || element.closest('pre, .tbl, .env, .sr, [inert]') !== null) return []
    const { left, right, width } = element.getBoundingClientRect()
    const isControl = element.matches('a, button, input, textarea, select')
    if (isControl && width > 1 && (left < -1 || right > clientWidth + 1)) return [named(element, `ends at ${right}`)]
    const doesScroll = /auto|scroll/.test(getComputedStyle(element).overflowX) && element.localName !== 'textarea'
    const isWide = doesScroll && element.scrollWidth > element.clientWidth + 1
    return isWide ? [named(element, `is ${element.scrollWidth} wide in ${element.clientWidth}`)] : []
  })
}

/** Names what has the focus and nothing around it to show that: a ring, or the caret of a box. */
function focusWithoutSign(): readonly string[] {
  const { activeElement: focus } = document
  if (focus === null || focus === document.body) return []
  const hasRing = (element: Element | null): boolean => {
    if (element === null) return false
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    return outlineStyle !== 'none' && outlineWidth !== '0px'
  }
  const hasCaret = focus.matches('textarea, input:not([type="radio"], [type="checkbox"], [type="file"])')
  const isShown =
    hasCaret || hasRing(focus) || hasRing(focus.closest('label, .turn')) || hasRing(focus.querySelector('.ask'))
  return isShown ? [] : [`${focus.localName}.${focus.className}`]
}

/** Everything in one theme; the others differ in nothing but colour. */
async function violationsIn(page: Page, theme: string): Promise<readonly string[]> {
  const options = theme === PLAIN_THEMES[0] ? { runOnly: RULES, rules: SPOKEN_FACTS } : { runOnly: ['color-contrast'] }
  await page.evaluate(name => {
    document.documentElement.dataset['theme'] = name
  }, theme)
  const results = await page.evaluate(async asked => {
    const { axe } = globalThis as unknown as { readonly axe: { run(options: object): Promise<AxeResults> } }
    return axe.run(asked)
  }, options)
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${theme}: ${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`),
  )
}
