import type { Browser, Page } from 'playwright-core'
import { PHONE } from '../helpers/browser.ts'

/** The chat that a page shows, every turn of it as its last one stands, in a page without any script: what a browser needs to scroll through it by itself. */
export async function stillPage(browser: Browser, page: Page): Promise<Page> {
  const markup = await page.evaluate(() => {
    const root = document.documentElement.cloneNode(true)
    if (!(root instanceof HTMLElement)) return ''
    for (const part of root.querySelectorAll('script, link, style')) part.remove()
    const turns = root.querySelectorAll('.turn')
    const last = [...turns].at(-1)
    for (const turn of turns) turn.replaceWith(last?.cloneNode(true) ?? turn)
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules].map(rule => rule.cssText))
    const base = document.createElement('base')
    base.href = window.location.origin
    const style = document.createElement('style')
    style.textContent = rules.join('\n')
    root.querySelector('head')?.replaceChildren(base, style)
    return `<!doctype html>${root.outerHTML}`
  })
  const still = await (await browser.newContext(PHONE)).newPage()
  await still.setContent(markup)
  return still
}
