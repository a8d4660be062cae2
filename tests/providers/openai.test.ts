import { createOpenaiProvider } from '../../server/providers/openai/openai-provider.ts'
import { describeProviderContract } from './contract.ts'
import { openaiTotal } from './openai-oracles.ts'
import { findRecordings } from './recordings.ts'

describeProviderContract({
  name: 'OpenAI',
  create: (baseUrl, refused) => createOpenaiProvider({ apiKey: 'test', baseUrl, refused }),
  streams: findRecordings('openai-samples', 'openai-responses', 'openai-chat').filter(({ kind }) => kind === 'sse'),
  totalTokens: openaiTotal,
  midFailure: 'provider-failed',
  statusCodes: { 404: 'endpoint-missing' },
})
