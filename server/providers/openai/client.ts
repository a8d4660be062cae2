import type { OpenAI } from 'openai'

type ClientOptions = { readonly apiKey: string | null; readonly baseUrl: string }

/** Where OpenAI itself answers. */
export const OPENAI_BASE_URL = 'https://api.openai.com/v1'

/**
 * Gives the SDK's client, which is loaded at the first call: an idle server does not carry it. It never retries, never
 * follows a redirect with the key in hand, and takes neither keys nor addresses from the environment by itself.
 */
export function createClientLoader({ apiKey, baseUrl }: ClientOptions): () => Promise<OpenAI> {
  let loading: Promise<OpenAI> | null = null
  return () => {
    loading ??= import('openai').then(
      sdk =>
        new sdk.OpenAI({
          // Without a key the header is left out, but the SDK insists on some text.
          apiKey: apiKey ?? 'none',
          ...(apiKey === null && { defaultHeaders: { Authorization: null } }),
          adminAPIKey: null,
          organization: null,
          project: null,
          webhookSecret: null,
          baseURL: baseUrl,
          maxRetries: 0,
          logLevel: 'off',
          fetchOptions: { redirect: 'error' },
        }),
    )
    return loading
  }
}
