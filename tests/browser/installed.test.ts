import type { Browser, CDPSession, Page, Worker } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { staticFiles } from '../../server/http/static-files.ts'
import { faultsBesideNetwork, launchBrowser, openPage, PHONE, type WatchedPage } from '../helpers/browser.ts'
import { installObstacles } from '../helpers/install-obstacles.ts'
import { kept } from '../helpers/installed-page.ts'
import { startTestServer, type TestServer } from '../helpers/test-server.ts'

let browser: Browser
let server: TestServer
let watched: WatchedPage

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  server = await startTestServer({ client: staticFiles('dist') })
})

afterEach(async () => {
  const { faults } = watched
  await watched.context.close()
  await server.close()
  expect(faultsBesideNetwork(faults)).toEqual([])
})

async function open(path = '/', options?: Parameters<typeof openPage>[1]): Promise<Page> {
  watched = await openPage(browser, options)
  // What a badge would show: this platform has none that could be looked at.
  await watched.context.addInitScript(() => {
    const shown: number[] = []
    Object.assign(window, { shownBadges: shown })
    Object.assign(Navigator.prototype, {
      setAppBadge: async (count: number) => void shown.push(count),
      clearAppBadge: async () => void shown.push(0),
    })
  })
  await watched.page.goto(`${server.url}${path}`)
  await kept(watched.page)
  return watched.page
}

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const notes = (page: Page) => page.locator('.foot .note')
const draft = (page: Page) => box(page).inputValue()
/** Everything here happens within moments, on a machine that has other things to do. */
const SOON = { timeout: 20_000 }
const asked = async () => (await server.request('/api/conversations')).json()

type Shared = { readonly fields?: Readonly<Record<string, string>>; readonly files?: readonly SharedFile[] }
type SharedFile = { readonly name: string; readonly type: string; readonly text: string }

/** Posts what the system would: a form with the fields and files of the manifest. */
async function share(page: Page, shared: Shared): Promise<void> {
  const arrived = page.waitForURL(url => url.searchParams.has('shared') || url.pathname === '/')
  await page.evaluate(({ fields = {}, files = [] }) => {
    const form = document.createElement('form')
    form.method = 'post'
    form.enctype = 'multipart/form-data'
    form.action = '/share'
    for (const [name, value] of Object.entries(fields)) {
      const input = document.createElement('input')
      Object.assign(input, { type: 'hidden', name, value })
      form.append(input)
    }
    const list = new DataTransfer()
    for (const { name, type, text } of files) list.items.add(new File([text], name, { type }))
    const input = document.createElement('input')
    Object.assign(input, { type: 'file', name: 'files', multiple: true, files: list.files })
    form.append(input)
    document.body.append(form)
    form.submit()
  }, shared)
  await arrived
}

describe('the browser', () => {
  test('finds nothing in the way of installing it, and knows it by its id', async () => {
    const page = await open()
    const session = await watched.context.newCDPSession(page)

    expect(await installObstacles(page)).toEqual([])
    const { data, url } = await session.send('Page.getAppManifest')
    expect(url).toBe(`${server.url}/manifest.webmanifest`)
    expect(JSON.parse(data ?? '').id).toBe('/')
  })

  test('gets the manifest with its type, and asks for it anew each time', async () => {
    await open()
    const answer = await server.request('/manifest.webmanifest')

    expect(answer.headers.get('content-type')).toBe('application/manifest+json; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
  })

  test('paints its own bars in the ground of the theme that was chosen', async () => {
    const page = await open('/', { colorScheme: 'dark' })
    const ground = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map(({ content }) => content),
      )
    expect(await ground()).toEqual(['#f5f2e8', '#07100b'])

    await page.goto(`${server.url}/setup`)
    await page.getByRole('radio', { name: 'amber' }).check()

    await expect.poll(ground, SOON).toEqual(['rgb(19, 12, 3)', 'rgb(19, 12, 3)'])
    await page.getByRole('radio', { name: 'contrast' }).check()
    await expect.poll(ground, SOON).toEqual(['rgb(0, 0, 0)', 'rgb(0, 0, 0)'])
    await page.emulateMedia({ colorScheme: 'light' })
    await expect.poll(ground, SOON).toEqual(['rgb(255, 255, 255)', 'rgb(255, 255, 255)'])
  })
})

describe('what other apps share', () => {
  test('comes into the draft of a new chat, words and text files, and is not sent', async () => {
    const page = await open()

    await share(page, {
      fields: { title: 'A page', text: 'Worth reading', url: 'https://example.org/a' },
      files: [{ name: 'list.md', type: 'text/markdown', text: '# One\n```js\n2\n```\n' }],
    })

    await expect
      .poll(() => draft(page), SOON)
      .toBe('A page\nWorth reading\nhttps://example.org/a\n\nlist.md:\n\n````md\n# One\n```js\n2\n```\n````')
    expect(new URL(page.url()).search).toBe('')
    await page.reload()
    await expect.poll(() => draft(page), SOON).toContain('Worth reading')
    expect(await asked()).toEqual([])
  })

  test('is taken with the server dead', async () => {
    const page = await open()
    await server.stop()

    await share(page, { fields: { text: 'In the dark' } })

    await expect.poll(() => draft(page), SOON).toBe('In the dark')
  })

  test('names the files that cannot be taken, and why', async () => {
    const page = await open()

    await share(page, {
      files: [
        { name: 'cat.png', type: 'image/png', text: 'x' },
        { name: 'book.pdf', type: 'application/pdf', text: 'x' },
        { name: 'log.txt', type: 'text/plain', text: 'x'.repeat(300_000) },
        { name: 'small.txt', type: 'text/plain', text: 'taken' },
      ],
    })

    await expect.poll(() => draft(page), SOON).toBe('small.txt:\n\n```txt\ntaken\n```')
    expect(await notes(page).innerText()).toContain(
      '“cat.png” was not taken: pictures cannot be sent yet. “book.pdf” was not taken: PDFs cannot be sent yet. “log.txt” was not taken: it has 300 kB, and a prompt takes 160 kB of files.',
    )
  })

  test('waits while another draft stands there, and is added below when it is asked for', async () => {
    const page = await open()
    await box(page).fill('My own words')

    await share(page, { fields: { text: 'From elsewhere' } })
    await page.getByRole('button', { name: 'add below' }).waitFor()
    expect(await draft(page)).toBe('My own words')
    await page.reload()
    await page.getByRole('button', { name: 'add below' }).click()

    await expect.poll(() => draft(page), SOON).toBe('My own words\n\nFrom elsewhere')
    await page.reload()
    await expect.poll(() => draft(page), SOON).toBe('My own words\n\nFrom elsewhere')
    expect(await page.getByRole('button', { name: 'add below' }).count()).toBe(0)
  })
})

test('files that the system opens with the app come into the draft of a new chat', async () => {
  watched = await openPage(browser)
  const { page } = watched
  // The browser of the tests is no installed app, and so has nothing that launches it.
  await page.addInitScript(() => {
    const files = [{ getFile: async () => new File(['{"a":1}'], 'data.json', { type: 'application/json' }) }]
    const launchQueue = { setConsumer: (take: (launch: unknown) => void) => take({ files }) }
    Object.defineProperty(window, 'launchQueue', { value: launchQueue })
  })

  await page.goto(server.url)

  await expect.poll(() => draft(page), SOON).toBe('data.json:\n\n```json\n{"a":1}\n```')
})

describe('an address that asks for something', () => {
  test('fills the box with its words, and sends nothing', async () => {
    const page = await open('/?q=What%20is%20this%3F')

    await expect.poll(() => draft(page), SOON).toBe('What is this?')
    expect(new URL(page.url()).search).toBe('')
    expect(await asked()).toEqual([])
  })

  test('is left to the screen that it belongs to', async () => {
    const page = await open('/find?q=key')

    await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()
    await page.goto(`${server.url}/`)
    await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()

    expect(await draft(page)).toBe('')
  })

  test.each([['desk', undefined] as const, ['phone', PHONE] as const])(
    'leads into the search on a %s',
    async (_, device) => {
      const page = await open('/?open=search', device)

      await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type')), SOON).toBe('search')
    },
  )

  test('leads to the last chat, and to a new one', async () => {
    await server.request('/api/conversations', { body: { title: 'An older one' } })
    const { id: last } = await (await server.request('/api/conversations', { body: { title: 'The last one' } })).json()
    const page = await open('/')
    await page.getByRole('link', { name: 'The last one' }).waitFor()

    await page.goto(`${server.url}/?open=last`)
    await page.waitForURL(`${server.url}/c/${last}`)
    await page.goto(`${server.url}/?open=new`)
    await page.waitForURL(`${server.url}/`)
  })
})

describe('an answer that finishes while nobody looks', () => {
  const shownBadges = (page: Page): Promise<number[]> => page.evaluate(() => Reflect.get(window, 'shownBadges'))

  test('is counted on the icon, in the title and in the list, until its chat is opened', async () => {
    const page = await open('/')
    await box(page).fill('How do I add a key?')
    await box(page).press('Enter')
    await page.locator('.turn[data-state="streaming"]').waitFor()
    await page.getByRole('link', { name: '+ new' }).first().click()

    await expect.poll(() => page.title(), SOON).toBe('● llm router')
    const row = page.locator('.list').getByRole('link', { name: 'How do I add a key?' })
    expect(await row.innerText()).toContain('new answer')
    expect((await shownBadges(page)).at(-1)).toBe(1)

    await row.click()
    await expect.poll(() => page.title(), SOON).not.toContain('●')
    await expect.poll(async () => (await shownBadges(page)).at(-1), SOON).toBe(0)
  })

  test('is not counted in a chat that somebody looks at', async () => {
    const page = await open('/')
    await box(page).fill('How do I add a key?')
    await box(page).press('Enter')
    await page.locator('.turn[data-state="complete"]').waitFor()
    await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()

    expect(await page.title()).not.toContain('●')
    expect((await shownBadges(page)).filter(count => count > 0)).toEqual([])
  })
})

describe('a message that the server pushes', () => {
  type Push = { readonly session: CDPSession; readonly registrationId: string }

  async function pusher(page: Page): Promise<Push> {
    await watched.context.grantPermissions(['notifications'], { origin: server.url })
    const session = await watched.context.newCDPSession(page)
    const registered = new Promise<string>(resolve => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const id = registrations.find(({ scopeURL }) => scopeURL === `${server.url}/`)?.registrationId
        if (id !== undefined) resolve(id)
      })
    })
    await session.send('ServiceWorker.enable')
    return { session, registrationId: await registered }
  }

  /** This browser has no place where notifications stand: what would be shown is noted. */
  async function noteNotifications(): Promise<Worker> {
    const [worker] = watched.context.serviceWorkers()
    if (worker === undefined) throw new Error('There is no service worker')
    await worker.evaluate(() => {
      const shown: unknown[] = []
      const registration: ServiceWorkerRegistration = Reflect.get(self, 'registration')
      registration.showNotification = async (title, options) => void shown.push({ title, ...options })
      Object.assign(self, { shown, badges: [] })
      Object.assign(navigator, { setAppBadge: async (count: number) => Reflect.get(self, 'badges').push(count) })
    })
    return worker
  }

  const shown = (worker: Worker): Promise<{ readonly data: { readonly path: string } }[]> =>
    worker.evaluate(() => Reflect.get(self, 'shown'))

  /** Pushes until it has been shown: a worker that is started anew for it has forgotten that somebody takes notes. */
  async function deliver({ session, registrationId }: Push, data: string): Promise<Worker> {
    for (let attempt = 0; attempt < 10; attempt++) {
      const worker = await noteNotifications()
      await session.send('ServiceWorker.deliverPushMessage', { origin: `${server.url}/`, registrationId, data })
      for (let look = 0; look < 20; look++) {
        if ((await shown(worker).catch(() => [])).length > 0) return worker
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    throw new Error('Nothing was shown')
  }

  const tap = (worker: Worker, path: string): Promise<void> =>
    worker.evaluate(at => {
      const event = Object.assign(new Event('notificationclick'), {
        notification: { data: { path: at }, close: () => undefined },
        // This tap is none of a person, so the window is not brought to the front.
        waitUntil: (work: Promise<void>) => void work.catch(() => undefined),
      })
      self.dispatchEvent(event)
    }, path)

  test('is shown, counted, and leads to its chat', async () => {
    const { id } = await (await server.request('/api/conversations', { body: { title: 'A question' } })).json()
    const page = await open('/')
    const push = await pusher(page)
    const notification = {
      title: 'A question',
      body: 'The answer is ready.',
      navigate: `${server.url}/c/${id}`,
      tag: id,
    }

    const worker = await deliver(push, JSON.stringify({ web_push: 8030, notification }))

    const { title, body, tag } = notification
    expect((await shown(worker))[0]).toMatchObject({ title, body, tag, data: { path: `/c/${id}` } })
    await expect.poll(() => page.title(), SOON).toBe('● llm router')
    expect(await worker.evaluate(() => Reflect.get(self, 'badges'))).toEqual([1])
    await tap(worker, `/c/${id}`)
    await page.waitForURL(`${server.url}/c/${id}`)
    await expect.poll(() => page.title(), SOON).toBe('A question · llm router')
  })

  test.each([
    [
      'a foreign address',
      JSON.stringify({ web_push: 8030, notification: { title: 'x', navigate: 'https://evil.example/c' } }),
    ],
    ['no message at all', 'hello'],
  ])('with %s leads to the app itself', async (_, data) => {
    const page = await open('/')

    const worker = await deliver(await pusher(page), data)

    expect((await shown(worker))[0]).toMatchObject({ data: { path: '/' } })
  })
})
