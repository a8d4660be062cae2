import { test } from 'vitest'
import { STORE_CONTRACT } from '../../browser/pages/store-contract.ts'
import { createMemoryDisk } from '../../sync/memory-disk.ts'
import { openMemoryStore, REAL_TURNS } from '../../sync/memory-store.ts'

test.each(STORE_CONTRACT)('the store of the simulation $name', async ({ check }) => {
  await check(openMemoryStore(createMemoryDisk(), REAL_TURNS))
})
