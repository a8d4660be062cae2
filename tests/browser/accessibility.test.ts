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
