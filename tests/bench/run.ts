import { clientOpen } from './benches/client-open.ts'
import { clientStart } from './benches/client-start.ts'
import { clientStream } from './benches/client-stream.ts'
import { clientTyping } from './benches/client-typing.ts'
import { deviceSearch } from './benches/device-search.ts'
import { durableLog } from './benches/durable-log.ts'
import { firstCopy } from './benches/first-copy.ts'
import { flood } from './benches/flood.ts'
import { largePrompt } from './benches/large-prompt.ts'
import { lighthouse } from './benches/lighthouse.ts'
import { manyStreams } from './benches/many-streams.ts'
import { search } from './benches/search.ts'
import { shortRequests } from './benches/short-requests.ts'
import { shortStreams } from './benches/short-streams.ts'
import { start } from './benches/start.ts'
import { tokenCount } from './benches/token-count.ts'
import { transfer } from './benches/transfer.ts'
import { formatRows } from './print-rows.ts'
import type { Bench, Row } from './row.ts'

const BENCHES: Readonly<Record<string, Bench>> = {
  'short-streams': shortStreams,
  'many-streams': manyStreams,
  flood,
  'short-requests': shortRequests,
  'large-prompt': largePrompt,
  'durable-log': durableLog,
  search,
  'device-search': deviceSearch,
  start,
  'token-count': tokenCount,
  'client-stream': clientStream,
  'client-start': clientStart,
  'client-open': clientOpen,
  'client-typing': clientTyping,
  lighthouse,
  'first-copy': firstCopy,
  transfer,
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES)
// All names are looked up before the first minute is spent.
const benches = names.map(name => {
  const run = BENCHES[name]
  if (!run) throw new Error(`There is no bench ${name}. There are: ${Object.keys(BENCHES).join(', ')}`)
  return { name, run }
})
const rows: Row[] = []
for (const { name, run } of benches) {
  const startedAt = performance.now()
  rows.push(...(await run()))
  console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`)
}
console.log(formatRows(rows))
