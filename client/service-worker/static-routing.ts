type RouterRule = {
  readonly condition: { readonly urlPattern: { readonly pathname: string } }
  readonly source: 'network'
}
type AddRoutes = (rules: readonly RouterRule[]) => Promise<void>

/**
 * Sends these paths past the worker where the browser can do that (Chromium 123, Safari 27): their requests do not even wake it.
 * Elsewhere no route matches them, and the browser asks the network itself.
 */
export async function keepOutOf(event: Event, pathnames: readonly string[]): Promise<void> {
  const addRoutes: AddRoutes | undefined = Reflect.get(event, 'addRoutes')
  const rules = pathnames.map(pathname => ({ condition: { urlPattern: { pathname } }, source: 'network' as const }))
  await addRoutes?.call(event, rules)
}
