import { createCompatibleProvider } from '../../server/providers/compatible/compatible-provider.ts'
import { describeProviderContract } from './contract.ts'
import { openaiTotal } from './openai-oracles.ts'
import { findRecordings } from './recordings.ts'

describeProviderContract({
  name: 'A compatible server',
  create: (baseUrl, refused) =>
    createCompatibleProvider({
      id: 'local',
      name: 'Local',
      baseUrl,
      apiKey: null,
      prices: { kind: 'unknown' },
      refused,
    }),
  streams: findRecordings('openai-samples', 'openai-compatible').filter(({ kind }) => kind === 'sse'),
  totalTokens: openaiTotal,
  failing: { 'openai-compatible/groq-error-midstream': 'provider-failed' },
  midFailure: 'provider-failed',
})
