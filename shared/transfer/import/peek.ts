/** A member of an object of unknown make; undefined where there is none. Never one that every object inherits. */
export function field(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
  return Reflect.get(value, name)
}

/** A member further in. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce(field, value)
}

/** A text that says something, else null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** An id as a text; some programs count. */
export function idOf(value: unknown): string | null {
  return typeof value === 'number' ? String(value) : textOf(value)
}

export function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The members of an object, in the order of the file. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []
}

/** Under whom each node stands by what the nodes above say of their children: for files in which it does not say so itself. */
export function parentsOf(
  nodes: readonly (readonly [string, unknown])[],
  childrenField: string,
): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(([id, node]) =>
      listOf(field(node, childrenField)).map((child): [string, string] => [idOf(child) ?? '', id]),
    ),
  )
}

/**
 * A point in time, as programs write it: ISO 8601, or seconds or milliseconds since 1970, also as digits in a text. One and the
 * same program changes between the units from version to version, and no two units give a year that a chat could be from.
 */
export function timeOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}(\.\d+)?$/.test(value) ? Number(value) : numberOf(value)
  if (number !== null) return momentOf(Math.round(number < FIRST_MILLISECONDS ? number * 1000 : number))
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return null
  const text = value.replace(' ', 'T')
  // Without a zone it is not this device's: two devices would make two chats of one.
  return momentOf(Date.parse(/T.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || !text.includes('T') ? text : `${text}Z`))
}

/** March 1973 in milliseconds, and the year 5138 in seconds. */
const FIRST_MILLISECONDS = 100_000_000_000
/** The last moment of the year 9999: whatever lies behind it is a wrong unit. */
const LAST_TIME = 253_402_300_799_999

function momentOf(milliseconds: number): number | null {
  return milliseconds > 0 && milliseconds <= LAST_TIME ? milliseconds : null
}
