const TAGS = new Set(
  'p h3 h4 h5 h6 blockquote ol ul li hr figure figcaption pre code div table thead tbody tr th td em strong del br a span button input'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'class id href target rel title start dir scope tabindex role aria-label aria-pressed type checked disabled data-action data-language data-plain'.split(
    ' ',
  ),
)
const OWN_ID = /^m-one-(?:call|note)-[\d-]+$/
const AWAY = /^(?:https?:\/\/|mailto:|#m-one-)/i

/** Whatever an answer must not hold: other elements, attributes that act or load, ids and addresses of the text's choosing. */
export function foreignParts(root: Element): readonly string[] {
  return [...root.querySelectorAll('*')].flatMap(element => {
    const isKnown = TAGS.has(element.localName) && element instanceof HTMLElement
    return [...(isKnown ? [] : [`<${element.localName}>`]), ...[...element.attributes].filter(isForeign).map(written)]
  })
}

function isForeign({ name, value }: Attr): boolean {
  if (name === 'id') return !OWN_ID.test(value)
  if (name === 'href') return !AWAY.test(value)
  return !ATTRIBUTES.has(name)
}

function written({ name, value }: Attr): string {
  return `${name}=${JSON.stringify(value)}`
}
