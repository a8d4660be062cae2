type Look = { readonly theme: string; readonly textSize: string; readonly glow: string }

const CONTRAST = '(prefers-contrast: more)'

/** Puts the theme, the text size and the glow on the root, and the theme's ground on the browser's own bars. */
export function applyAppearance(root: HTMLElement, look: Look): void {
  if (look.theme === 'auto') delete root.dataset['theme']
  else root.dataset['theme'] = look.theme
  root.dataset['textSize'] = look.textSize
  root.dataset['tube'] = look.glow
  // Without a theme of its own, the page's two colours for day and night stand; the browser's wish for contrast is a theme.
  const isPlain = look.theme === 'auto' && !window.matchMedia(CONTRAST).matches
  const ground = isPlain ? null : getComputedStyle(document.body).backgroundColor
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.dataset['auto'] ??= meta.content
    meta.content = ground ?? meta.dataset['auto']
  }
}

/** Calls back when the system turns to day, to night or to more contrast, which changes what a theme looks like. */
export function onSchemeChange(alive: AbortSignal, listener: () => void): void {
  for (const query of [CONTRAST, '(prefers-color-scheme: dark)']) {
    window.matchMedia(query).addEventListener('change', listener, { signal: alive })
  }
}
