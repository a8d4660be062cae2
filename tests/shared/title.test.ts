import { expect, test } from 'vitest'
import { titleFromPrompt } from '#shared/title.ts'

test.each<[prompt: string, title: string]>([
  ['How do I bake bread?', 'How do I bake bread?'],
  ['\n\n  \nHow do I bake bread?\nWith rye.', 'How do I bake bread?'],
  ['How do I bake bread?\r\nWith rye.', 'How do I bake bread?'],
  ['# A **bold** `title`', 'A bold title'],
  ['> quoted words', 'quoted words'],
  ['- a point\n- another', 'a point'],
  ['```ts\nconst x = 1\n```', 'const x = 1'],
  ['tabs\tand   spaces', 'tabs and spaces'],
  ['', 'untitled'],
  ['   \n\t', 'untitled'],
  ['***', 'untitled'],
  ['\u200b\u202e', 'untitled'],
  ['東京はどこですか', '東京はどこですか'],
  ['👩‍👩‍👧 family', '👩‍👩‍👧 family'],
  ['x'.repeat(60), 'x'.repeat(60)],
  ['x'.repeat(61), `${'x'.repeat(60)}…`],
  [`${'word '.repeat(11)}words go on`, `${'word '.repeat(11)}word`.trim().replace(/ word$/, '…')],
  ['😀'.repeat(61), `${'😀'.repeat(60)}…`],
  [`${'x'.repeat(59)} and on`, `${'x'.repeat(59)}…`],
  ['-5 degrees in Fahrenheit?', '-5 degrees in Fahrenheit?'],
  ['> -5 degrees', '-5 degrees'],
  ['> - a quoted point', 'a quoted point'],
  ['---\ntitle: x', 'title: x'],
  ['   indented', 'indented'],
  ['See [the manual](https://example.org/a)', 'See the manual'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['\u200d\nseen', 'seen'],
])('%j is titled %j', (prompt, title) => {
  expect(titleFromPrompt(prompt)).toBe(title)
})

test('a title never ends in half a character, and never turns the text around it', () => {
  for (let length = 50; length < 70; length++) {
    const title = titleFromPrompt(`${'a'.repeat(length)}😀\u202e${'b'.repeat(20)}`)
    expect(title.isWellFormed()).toBe(true)
    expect(title).not.toMatch(/[\u202a-\u202e]/)
    expect([...title].length).toBeLessThanOrEqual(61)
  }
})

test('a prompt of a million characters is titled at once', () => {
  const started = performance.now()

  expect(titleFromPrompt('word '.repeat(200_000))).toMatch(/^word .*…$/)
  expect(titleFromPrompt('\n'.repeat(1_000_000))).toBe('untitled')
  expect(titleFromPrompt('#'.repeat(1_000_000))).toBe('untitled')
  expect(titleFromPrompt('['.repeat(1_000_000))).toBe(`${'['.repeat(60)}…`)
  expect(titleFromPrompt('[]('.repeat(300_000))).toMatch(/…$/)
  expect(performance.now() - started).toBeLessThan(3000)
})
