import type { Config } from './config.ts'
import { hostInUrl } from './hosts/bare-host.ts'
import { isLoopback } from './hosts/private-addresses.ts'
import type { Ports } from './http/ports.ts'
import type { Https } from './tls/open-https.ts'

type Announced = {
  readonly config: Config
  readonly ports: Ports
  readonly https: Https | null
  readonly providerStates: Readonly<Record<string, 'configured' | 'missing'>>
  readonly version: string
  readonly say: (line: string) => void
}

const WAYS_TO_GET: Readonly<Record<string, string>> = {
  openai: 'set OPENAI_API_KEY',
  anthropic: 'set ANTHROPIC_API_KEY',
  ollama: 'start Ollama, or set OLLAMA_BASE_URL',
}

/** Says where the server is, which providers it can ask, and how other devices come to trust it. */
export async function announce(announced: Announced): Promise<void> {
  const { config, ports, https, providerStates, version, say } = announced
  const isHere = isLoopback(config.host) || config.host === '0.0.0.0' || config.host === '::'
  say(`LLM Router ${version} · http://${isHere ? 'localhost' : hostInUrl(config.host)}:${ports.plain}`)
  for (const [provider, state] of Object.entries(providerStates)) {
    const way = WAYS_TO_GET[provider] ?? 'see README.md'
    say(state === 'configured' ? `  ● ${provider}` : `  ○ ${provider}: ${way}`)
  }
  if (https) await announceHttps(https, ports, say)
}

async function announceHttps(https: Https, ports: Ports, say: (line: string) => void): Promise<void> {
  const name = https.name()
  if (https.fingerprint === null) return say(`  HTTPS · https://${hostInUrl(name ?? 'localhost')}:${ports.secure}`)
  const page = `http://${name === null ? '<address of your pi>' : hostInUrl(name)}:${ports.plain}/https`
  say(`  To install it on a phone, open ${page}`)
  if (name !== null) {
    const { renderUnicodeCompact } = await import('uqr')
    say(renderUnicodeCompact(page))
  }
  say(`  Its authority, SHA-256: ${https.fingerprint}`)
}
