import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
} as const
export const DESK = { viewport: { width: 1280, height: 800 } } as const

type BrowserOptions = {
  /** The home folder, where it looks for authorities that its person trusts. */
  readonly home?: string
  /** Names that lead to this machine. */
  readonly hosts?: readonly string[]
  /** The port of this machine to which every other name in the world leads. */
  readonly everywhere?: number
  /** Where other tools can drive it too. */
  readonly debuggingPort?: number
}

/** A real Chromium: the one named in CHROMIUM_PATH, else one on the path, else the one that npm brought. */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const { home, hosts = [], everywhere, debuggingPort } = options
  const rules =
    everywhere === undefined
      ? hosts.map(host => `MAP ${host} 127.0.0.1`).join(',')
      : `MAP * 127.0.0.1:${everywhere}, EXCLUDE 127.0.0.1`
  return chromium.launch({
    executablePath: await chromiumPath(),
    args: [
      ...FLAGS,
      ...(rules === '' ? [] : [`--host-resolver-rules=${rules}`]),
      ...(debuggingPort === undefined ? [] : [`--remote-debugging-port=${debuggingPort}`]),
    ],
    ...(home === undefined ? {} : { env: { ...process.env, HOME: home } }),
  })
}

/** A real Chromium with the profile in this folder, which stays when it is closed: the next one is the same device, started again. */
export async function launchProfile(folder: string, device: typeof PHONE | typeof DESK): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath: await chromiumPath(), args: FLAGS, ...device })
}

async function chromiumPath(): Promise<string> {
  const named = process.env['CHROMIUM_PATH']
  if (named) return named
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = NAMES.map(name => join(folder, name)).find(isExecutable)
    if (found) return found
  }
  // Only its path: the flags that come with the package switch web security off.
  const { default: packaged } = await import('@sparticuz/chromium')
  return packaged.executablePath()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export type WatchedPage = {
  readonly page: Page
  readonly context: BrowserContext
  /** Everything that should never happen: uncaught errors, errors on the console, refusals by the content security policy. */
  readonly faults: readonly string[]
}

/** A page in a fresh profile that notes what goes wrong in it. */
export async function openPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = DESK,
): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const faults: string[] = []
  page.on('pageerror', error => faults.push(String(error)))
  page.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  return { page, context, faults }
}

/** A request, or the script of a service worker, that did not come: the browser itself reports it on the console. */
const UNFETCHED = /^Failed to load resource|^An unknown error occurred when fetching the script/

/** The faults of a page whose network or server went away, without those that this alone makes. */
export function faultsBesideNetwork(faults: readonly string[]): readonly string[] {
  return faults.filter(fault => !UNFETCHED.test(fault))
}

/** Waits until a page at a desk has all it asks the server for at a start: what is stored there, and which models answer. */
export async function waitUntilStarted(page: Page): Promise<void> {
  await page.locator('.bar').getByText('✓ synced', { exact: true }).waitFor()
  await page.locator('.composer').getByText('no model').waitFor({ state: 'hidden' })
}

/** The browser of the tests hides no page: neither a minimized window nor a frozen one does, so the page is told that it is. */
export async function setVisibility(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  await page.evaluate(shown => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => shown })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)
}
