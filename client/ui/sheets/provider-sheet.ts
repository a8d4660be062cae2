import type { ProviderRow } from '../components/provider-words.ts'
import { openSheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

const LINES: Readonly<Record<string, string>> = {
  openai: 'OPENAI_API_KEY=sk-…',
  anthropic: 'ANTHROPIC_API_KEY=sk-ant-…',
  ollama: 'OLLAMA_BASE_URL=http://127.0.0.1:11434',
}
const COMPATIBLE = 'COMPATIBLE_GROQ_BASE_URL=https://api.groq.com/openai/v1\nCOMPATIBLE_GROQ_API_KEY=…'

/** How a provider's key comes to the server: the lines of its `.env`. Null for any provider. */
export function openProviderSheet(host: HTMLElement, provider: ProviderRow | null): void {
  const title = provider?.id ?? 'add a provider'
  openSheet(host, { label: title }, sheet => {
    const close = el('button', { type: 'button', class: 'key dim', 'aria-label': 'Close', autofocus: true }, '✕')
    on(sheet.alive, close, 'click', sheet.close)
    return [
      el('div', { class: 'sheet-in' }, glyph('●'), el('h2', { class: 'bright' }, title), close),
      el('div', { class: 'scroll provider-steps' }, ...stepsFor(provider)),
    ]
  })
}

function stepsFor(provider: ProviderRow | null): readonly HTMLElement[] {
  if (provider?.id === 'manual') {
    return [el('p', {}, 'Answers from the manual of this program, for nothing. It needs no key.')]
  }
  const lines = provider === null ? [...Object.values(LINES), COMPATIBLE] : [LINES[provider.id] ?? lineOf(provider)]
  return [
    el('p', {}, wordsBefore(provider)),
    ...lines.map(line => el('pre', { class: 'env', tabindex: '0' }, line)),
    el('p', {}, 'Then start it again:'),
    el('pre', { class: 'env', tabindex: '0' }, 'docker compose up -d'),
    el(
      'p',
      { class: 'dim' },
      'Any server that speaks as OpenAI does can be named COMPATIBLE_<NAME>. This page neither asks for a key nor sees one.',
    ),
  ]
}

function lineOf({ standing }: ProviderRow): string {
  return standing?.key_variable == null ? COMPATIBLE : `${standing.key_variable}=…`
}

function wordsBefore(provider: ProviderRow | null): string {
  if (provider?.standing?.problem?.code === 'provider-key-rejected') {
    return 'It does not take the key that the pi has. Write this line anew in .env on the pi, with a key that is good:'
  }
  return provider?.state === 'configured'
    ? 'To change its key, write this line anew in .env on the pi:'
    : 'Write this in .env on the pi, beside compose.yaml:'
}
