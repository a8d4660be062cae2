import { readFileSync } from 'node:fs'
import * as v from 'valibot'
import { errorFields, type Log } from '../log.ts'
import type { RefusedParameters } from './provider.ts'
import { writeAtomically } from './write-atomically.ts'

export interface RefusedParametersFile {
  /** What a provider's models have refused; the file is read when it is first asked. */
  of(providerId: string): RefusedParameters
  /** Resolves when all that was added is in the file, or could not be written. */
  saved(): Promise<void>
}

/** Parameter names by model id, as in `{"openai/o3":["temperature"]}`. */
const fileSchema = v.record(v.string(), v.array(v.string()))

/** Refused parameters of all providers in one JSON file. Losing it costs one refused call for each entry. */
export function createRefusedParametersFile(path: string, log: Log): RefusedParametersFile {
  let refusals: Map<string, Set<string>> | null = null
  let saving: Promise<void> = Promise.resolve()

  function known(): Map<string, Set<string>> {
    refusals ??= new Map(Object.entries(readFile(path, log)).map(([model, names]) => [model, new Set(names)]))
    return refusals
  }

  async function save(): Promise<void> {
    const content = Object.fromEntries([...known()].map(([model, names]) => [model, [...names].sort()]))
    try {
      await writeAtomically(path, `${JSON.stringify(content, null, 2)}\n`)
    } catch (error) {
      log.warn('refused-parameters-not-written', errorFields(error))
    }
  }

  return {
    of(providerId) {
      return {
        has: (model, parameter) => known().get(`${providerId}/${model}`)?.has(parameter) ?? false,
        add(model, parameter) {
          const id = `${providerId}/${model}`
          const names = known().get(id) ?? new Set()
          if (names.has(parameter)) return
          known().set(id, names.add(parameter))
          // One after the other, so that the last write holds everything.
          saving = saving.then(save)
        },
      }
    },
    saved: () => saving,
  }
}

function readFile(path: string, log: Log): Readonly<Record<string, readonly string[]>> {
  try {
    return v.parse(fileSchema, JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!isMissing) log.warn('refused-parameters-not-read', errorFields(error))
    return {}
  }
}
