import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Child, startChild } from './child.ts'

/** Something that answers prompts, and how it is asked. */
export type Target = {
  readonly child: Child
  readonly path: string
  /** `model` is the upstream's: `paced-<tokens>-<milliseconds>` or `flood-<tokens>`. */
  readonly body: (model: string, prompt: string) => string
}

export type ProductOptions = {
  /** What Node is given before the script. */
  readonly nodeOptions?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Where the database is, or shall be; a new folder when left out. */
  readonly folder?: string
}

/** The product's folder: this one, or the checkout that BENCH_PRODUCT names, to set two beside each other. */
const PRODUCT_ROOT = process.env['BENCH_PRODUCT'] ?? fileURLToPath(new URL('../../', import.meta.url))
const MOST_ANSWERS = '10000'

export async function startUpstream(): Promise<Target> {
  return { child: await startChild({ parameters: [processPath('upstream')], environment: {} }), ...CHAT_COMPLETIONS }
}

/** The baseline: a proxy that passes bytes on. */
export async function startPipe(upstream: Target): Promise<Target> {
  const environment = { UPSTREAM_URL: upstream.child.url }
  return { child: await startChild({ parameters: [processPath('pipe')], environment }), ...CHAT_COMPLETIONS }
}

/** The product as its users start it, but for the client's files and the limit on answers at once. */
export async function startProduct(upstreamUrl: string, options: ProductOptions = {}): Promise<Target> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  const child = await startChild({
    parameters: [...(options.nodeOptions ?? []), join(PRODUCT_ROOT, 'server/start.mjs')],
    environment: {
      LLM_ROUTER_API_ONLY: '1',
      ANSWERS_AT_ONCE: MOST_ANSWERS,
      COMPATIBLE_BENCH_BASE_URL: `${upstreamUrl}/v1`,
      // Nothing listens there, so that no Ollama of this machine takes part.
      OLLAMA_BASE_URL: 'http://127.0.0.1:9',
      DATABASE_PATH: join(folder, 'llm-router.db'),
      ...options.environment,
    },
  })
  const stop = async () => {
    await child.stop()
    if (!options.folder) rmSync(folder, { recursive: true, force: true })
  }
  return {
    child: { ...child, stop },
    path: '/api/chat/stream',
    body: (model, prompt) => JSON.stringify({ model: `bench/${model}`, message: prompt }),
  }
}

const CHAT_COMPLETIONS: Omit<Target, 'child'> = {
  path: '/v1/chat/completions',
  body: (model, prompt) =>
    JSON.stringify({
      model,
      messages: [{ role: 'user', content: prompt }],
      stream: true,
      stream_options: { include_usage: true },
    }),
}

function processPath(name: string): string {
  return fileURLToPath(new URL(`./processes/${name}.ts`, import.meta.url))
}
