/** What the token counter and its worker say to each other. */
export type CountRequest = { readonly id: number; readonly texts: readonly string[] }
export type CountReply = { readonly id: number; readonly counts: readonly number[] }
