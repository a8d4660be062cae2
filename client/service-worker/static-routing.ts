/** Where the browser itself gets what a path names: from the server, or from a cache and only else from the server. */
type RouteSource = 'network' | { readonly cacheName: string }
type RouterRule = {
  readonly condition: { readonly urlPattern: { readonly pathname: string } }
  readonly source: RouteSource
}
type AddRoutes = (rules: readonly RouterRule[]) => Promise<void>

/**
 * Sends these paths past the worker where the browser can do that (Chromium 123, Safari 27): their requests do not even wake it.
 * Elsewhere the worker answers for them, or leaves them to the network.
 */
export async function routePast(event: Event, sources: Readonly<Record<string, RouteSource>>): Promise<void> {
  const addRoutes: AddRoutes | undefined = Reflect.get(event, 'addRoutes')
  const rules = Object.entries(sources).map(([pathname, source]) => ({
    condition: { urlPattern: { pathname } },
    source,
  }))
  await addRoutes?.call(event, rules)
}
