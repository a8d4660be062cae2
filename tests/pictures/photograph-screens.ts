import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { THEMES } from '../../client/stores/settings-store.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { buildPages } from '../browser/pages/build-pages.ts'
import { DESK, launchBrowser, PHONE } from '../helpers/browser.ts'
import { writeShowcase } from '../helpers/showcase.ts'
import { startTestServer } from '../helpers/test-server.ts'
import { TOUR } from '../helpers/tour.ts'

/**
 * Takes a picture of every screen, in every theme, on a phone and on a desk, and of all parts of the interface in all their
 * states, into `screenshots/`. `--view chat` and `--theme night` take only some.
 */
const { values } = parseArgs({ options: { view: { type: 'string' }, theme: { type: 'string' } } })
const views = TOUR.filter(({ name }) => values.view === undefined || name.startsWith(values.view))
const themes = THEMES.filter(theme => theme !== 'auto' && (values.theme === undefined || theme === values.theme))
const folder = mkdtempSync(join(tmpdir(), 'llm-router-'))

writeShowcase(join(folder, 'llm-router.db'), Date.now())
mkdirSync('screenshots', { recursive: true })
const server = await startTestServer({ folder, client: staticFiles('dist') })
const browser = await launchBrowser()
for (const [size, device] of Object.entries({ phone: PHONE, desk: DESK })) {
  for (const theme of themes) {
    const context = await browser.newContext(device)
    await context.addInitScript(name => localStorage.setItem('llmr-theme', name), theme)
    const page = await context.newPage()
    for (const view of views) {
      await view.open(page, server.url)
      // Fonts, formatted answers and what is fetched for a view come a moment later.
      await page.waitForTimeout(400)
      await page.screenshot({ path: join('screenshots', `${view.name}-${theme}-${size}.png`) })
    }
    await context.close()
  }
}
await server.close()
if ('gallery'.startsWith(values.view ?? '')) await photographGallery()
await browser.close()

/** One long picture in each theme. */
async function photographGallery(): Promise<void> {
  const pages = await buildPages({ root: new URL('../gallery/', import.meta.url), pages: ['index.html'] })
  const gallery = await startTestServer({ client: staticFiles(pages.folder) })
  const page = await browser.newPage(DESK)
  await page.goto(gallery.url)
  await page.locator('body[data-is-ready]').waitFor()
  for (const theme of themes) {
    await page.getByRole('radio', { name: theme }).first().check()
    await page.waitForTimeout(400)
    await page.screenshot({ path: join('screenshots', `gallery-${theme}.png`), fullPage: true })
  }
  await gallery.close()
  pages.remove()
}
