type Look = { readonly theme: string; readonly textSize: string; readonly glow: string }

/** Puts the theme, the text size and the glow on the root, and the theme's ground on the browser's own bars. */
export function applyAppearance(root: HTMLElement, look: Look): void {
  if (look.theme === 'auto') delete root.dataset['theme']
  else root.dataset['theme'] = look.theme
  root.dataset['textSize'] = look.textSize
  root.dataset['tube'] = look.glow
  const ground = getComputedStyle(root).getPropertyValue('--bg').trim()
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.dataset['auto'] ??= meta.content
    meta.content = look.theme === 'auto' || ground.startsWith('light-dark') ? meta.dataset['auto'] : ground
  }
}
