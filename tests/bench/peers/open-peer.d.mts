import type { EngineName, SearchEngine } from '../pages/search-engine.ts'

/** Another engine, with the product's own way to see words. */
export declare function openPeer(
  name: Exclude<EngineName, 'product'>,
  wordsOf: (text: string) => string[],
): Promise<SearchEngine>
