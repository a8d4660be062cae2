/** Texts whose tokens a worker is asked to count. */
export type CountRequest = { readonly id: number; readonly texts: readonly string[] }
/** The worker's answer, a count for each text. */
export type CountReply = { readonly id: number; readonly counts: readonly number[] }
