/** What nobody knows how to show, as it stands in the file. */
export function rawJson(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? ''
}
