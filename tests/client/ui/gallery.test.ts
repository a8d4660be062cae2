import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const UI = fileURLToPath(new URL('../../../client/ui/', import.meta.url))
const GALLERY = fileURLToPath(new URL('../../gallery/', import.meta.url))

/** What makes elements; the rest are words, facts and keys. */
const MAKES_ELEMENTS = /import \{[^}]*\bel\b[^}]*\} from '[^']*dom\/element\.ts'/

test('every component, menu and sheet stands in the gallery', () => {
  const files = ['components', 'menus', 'sheets'].flatMap(folder =>
    readdirSync(UI + folder, { recursive: true, encoding: 'utf8' }).map(name => `${folder}/${name}`),
  )
  const parts = files.filter(file => file.endsWith('.ts') && MAKES_ELEMENTS.test(readFileSync(UI + file, 'utf8')))
  const gallery = readdirSync(GALLERY)
    .filter(name => name.endsWith('.ts'))
    .map(name => readFileSync(GALLERY + name, 'utf8'))
    .join('\n')

  const missing = parts.map(file => file.replace(/\.ts$/, '')).filter(part => !gallery.includes(`'${part}'`))

  expect(parts.length).toBeGreaterThan(50)
  expect(missing).toEqual([])
})
