import { test } from 'vitest'
import { createMemoryDisk } from '../../../client/database/memory-disk.ts'
import { openMemoryStore } from '../../../client/database/memory-store.ts'
import { STORE_CONTRACT } from '../../browser/pages/store-contract.ts'
import { REAL_TURNS } from '../../helpers/real-turns.ts'

test.each(STORE_CONTRACT)('the store of the simulation $name', async ({ check }) => {
  await check(openMemoryStore(createMemoryDisk(), REAL_TURNS))
})
