import type { Page } from 'playwright-core'

/**
 * What keeps a browser from offering this page for the home screen: what it says itself, and what its makers ask for
 * (https://web.dev/articles/install-criteria), for the shell that the tests run in has no opinion on it.
 */
export async function installObstacles(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  const { errors, data } = await session.send('Page.getAppManifest')
  return [
    // A window of a test keeps nothing.
    ...installabilityErrors.map(({ errorId }) => errorId).filter(id => id !== 'in-incognito'),
    ...errors.map(({ message }) => message),
    ...(await page.evaluate(findObstacles, data ?? '{}')),
  ]
}

/** Runs in the page. */
async function findObstacles(text: string): Promise<readonly string[]> {
  type Icon = { readonly src: string; readonly sizes: string; readonly purpose?: string }
  const manifest: Partial<{ name: string; start_url: string; scope: string; display: string; icons: readonly Icon[] }> =
    JSON.parse(text)
  const { name, start_url = '', scope = '', display = '', icons = [] } = manifest
  const wide = await Promise.all(
    icons
      .filter(({ purpose = 'any' }) => purpose.includes('any'))
      .map(async ({ src, sizes }) => {
        const image = await createImageBitmap(await (await fetch(src)).blob())
        return `${image.width}x${image.height}` === sizes ? image.width : 0
      }),
  )
  const address = (path: string): string => new URL(path, location.href).href
  const wrong: Readonly<Record<string, boolean>> = {
    'the page is not secure': !window.isSecureContext,
    'no service worker keeps it': (await navigator.serviceWorker?.getRegistration()) === undefined,
    'the manifest has no name': !name,
    'it does not start where it belongs': scope === '' || !address(start_url).startsWith(address(scope)),
    'it does not stand alone': !['standalone', 'minimal-ui', 'fullscreen'].includes(display),
    'it has no icon of 192 pixels': !wide.includes(192),
    'it has no icon of 512 pixels': !wide.includes(512),
  }
  return Object.keys(wrong).filter(obstacle => wrong[obstacle])
}
