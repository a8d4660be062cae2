const BITS = [
  'a',
  'b ',
  'foo',
  ' ',
  '  ',
  '    ',
  '\t',
  '\n',
  '\n',
  '\n\n',
  '\n\n',
  '\n- a',
  '\n- ',
  '\n1. ',
  '\n2. b',
  '\n\n- c',
  '* ',
  '- ',
  '1. ',
  '2. ',
  '*',
  '**',
  '_',
  '`',
  '\n```\n',
  '\n```\n',
  '~~~',
  '~~',
  '[',
  '](http://x.y)',
  '[foo]',
  '\n\n[foo]: http://e.f "t"\n',
  '[^1]',
  '\n\n[^1]: n',
  '!',
  '![a](http://p.q/r)',
  '<b>',
  '\n\n<div>\n',
  '\n\n<!-- ',
  '-->',
  '# ',
  '===',
  '---',
  '\n---\n',
  '> ',
  '\n>',
  '\n\n| a | b |\n|---|:-:|\n',
  '\n| c | d |\n',
  '| e |\n',
  '\\',
  '&amp;',
  '  \n',
  '\\\n',
  '[ ] ',
  '\n- [x] ',
  '\n```js t="x"\ncode\n\n```\n',
  '"',
  'http://www.e.com',
  'a@b.cc',
  '\r\n',
]

/** A text of up to `count` bits of markup in a random order, the same for the same seed. */
export function randomMarkdown(seed: number, count: number): string {
  const next = randomNumbers(seed)
  const length = 1 + Math.floor(next() * count)
  return Array.from({ length }, () => BITS[Math.floor(next() * BITS.length)] ?? '').join('')
}

/** Numbers from 0 to 1 by the mulberry32 rule. */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
