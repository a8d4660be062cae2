/** Draws the icons of the installed app from `client/public/icon.svg` with the Chromium of the tests: `npm run icons`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../helpers/browser.ts'

const PUBLIC = new URL('../../client/public/', import.meta.url)
const SVG = readFileSync(new URL('icon.svg', PUBLIC), 'utf8')
/** The ground goes and the drawing turns white: the system gives it a colour of its own. */
const MONOCHROME = SVG.replace(/<rect width="512"[^>]*\/>/, '').replaceAll('#54f08f', '#ffffff')

type Icon = { readonly name: string; readonly sizePixels: number; readonly svg: string }

// The drawing lies within the inner 80 %, so that the maskable icon needs no other.
const ICONS: readonly Icon[] = [
  { name: 'any-192', sizePixels: 192, svg: SVG },
  { name: 'any-512', sizePixels: 512, svg: SVG },
  { name: 'maskable-512', sizePixels: 512, svg: SVG },
  { name: 'monochrome-512', sizePixels: 512, svg: MONOCHROME },
  { name: 'apple-touch-180', sizePixels: 180, svg: SVG },
]

if (MONOCHROME.includes('#07100b'))
  throw new Error('icon.svg is drawn in another way than the monochrome icon expects.')
const browser = await launchBrowser()
const page = await browser.newPage()
for (const { name, sizePixels, svg } of ICONS) {
  await page.setViewportSize({ width: sizePixels, height: sizePixels })
  await page.setContent(`<style>body { margin: 0 } svg { display: block; inline-size: ${sizePixels}px }</style>${svg}`)
  const bytes = await page.screenshot({ omitBackground: true, type: 'png' })
  writeFileSync(fileURLToPath(new URL(`icons/${name}.png`, PUBLIC)), bytes)
}
await browser.close()
