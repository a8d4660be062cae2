import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { THEMES } from '../../client/stores/settings-store.ts'
import { staticFiles } from '../../server/http/static-files.ts'
import { DESK, launchBrowser, PHONE } from '../helpers/browser.ts'
import { writeShowcase } from '../helpers/showcase.ts'
import { startTestServer } from '../helpers/test-server.ts'
import { TOUR } from '../helpers/tour.ts'

/**
 * Takes a picture of every screen, in every theme, on a phone and on a desk, online and with the server gone, into
 * `screenshots/`. `--view chat` and `--theme night` take only some.
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
await browser.close()
await server.close()
