import type { ForeignNode } from './foreign-chat.ts'

/** A node with its place in a tree that is really one. */
export type PlacedNode = { readonly node: ForeignNode; readonly parent: PlacedNode | null }

export type OrderedNodes = {
  /** Parents before their children; children in the order of the file. */
  readonly placed: readonly PlacedNode[]
  /** Ids of nodes where a chain that ran in a circle was cut: they became roots. */
  readonly cut: readonly string[]
  /** Ids that stood more than once; the first node with each counts. */
  readonly repeated: readonly string[]
}

/** Makes a tree of whatever nodes point at: once over them, however long or circular their chains are. */
export function orderNodes(nodes: readonly ForeignNode[]): OrderedNodes {
  const byId = new Map<string, ForeignNode>()
  const repeated: string[] = []
  for (const node of nodes) {
    if (byId.has(node.id)) repeated.push(node.id)
    else byId.set(node.id, node)
  }
  const cut = findCuts(byId)
  const children = Map.groupBy(byId.values(), node =>
    node.parentId !== null && byId.has(node.parentId) && !cut.has(node.id) ? node.parentId : null,
  )
  const placed: PlacedNode[] = []
  const waiting = placeAll(children.get(null) ?? [], null)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    placed.push(next)
    for (const child of placeAll(children.get(next.node.id) ?? [], next)) waiting.push(child)
  }
  return { placed, cut: [...cut], repeated }
}

/** In reverse, for they are taken from the end. */
function placeAll(nodes: readonly ForeignNode[], parent: PlacedNode | null): PlacedNode[] {
  return nodes.map(node => ({ node, parent })).reverse()
}

type Pointer = Pick<ForeignNode, 'id' | 'parentId'>

/** One node of each circle. Each node is walked over once: those of finished walks lead to a root. */
export function findCuts(byId: ReadonlyMap<string, Pointer>): ReadonlySet<string> {
  const cuts = new Set<string>()
  const walkOf = new Map<string, number>()
  let walk = 0
  for (const start of byId.values()) {
    walk++
    let node: Pointer | undefined = start
    while (node !== undefined && !walkOf.has(node.id)) {
      walkOf.set(node.id, walk)
      node = byId.get(node.parentId ?? '')
    }
    if (node !== undefined && walkOf.get(node.id) === walk) cuts.add(node.id)
  }
  return cuts
}
