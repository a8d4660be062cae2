import { type ProductOptions, startPipe, startProduct, startUpstream, type Target } from './servers.ts'

type Servers = { readonly upstream: Target; readonly pipe: Target; readonly product: Target }

/** Starts the upstream, the pipe and the product, and stops them when `work` is done, however it ends. */
export async function withServers<Result>(
  work: (servers: Servers) => Promise<Result>,
  options: ProductOptions = {},
): Promise<Result> {
  const started: Target[] = []
  const keep = async (starting: Promise<Target>) => {
    const target = await starting
    started.push(target)
    return target
  }
  try {
    const upstream = await keep(startUpstream())
    const pipe = await keep(startPipe(upstream))
    const product = await keep(startProduct(upstream.child.url, options))
    return await work({ upstream, pipe, product })
  } finally {
    await Promise.all(started.map(target => target.child.stop()))
  }
}
