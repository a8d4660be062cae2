import { readTags } from '#shared/tags.ts'
import { openSheet } from '../components/sheet.ts'
import { on } from '../dom/bind.ts'
import { el, glyph } from '../dom/element.ts'

export type TagSheetOptions = {
  /** What they all have in common, and what the field begins with. */
  readonly tags: readonly string[]
  /** Called with the tags that the field holds now. */
  onTags(tags: readonly string[]): void
}

/** One line of tags to write. */
export function openTagSheet(host: HTMLElement, { tags, onTags }: TagSheetOptions): void {
  openSheet(host, { label: 'Tags' }, sheet => {
    const input = el('input', {
      class: 'field',
      value: tags.map(tag => `#${tag}`).join(' '),
      placeholder: '#home #work',
      'aria-label': 'Tags, with spaces between',
      autocapitalize: 'none',
      autocomplete: 'off',
      enterkeyhint: 'done',
      autofocus: true,
    })
    const keep = el('button', { type: 'submit', class: 'key', 'data-kind': 'go' }, 'keep')
    const status = el('p', { class: 'sheet-status err', role: 'alert' })
    const form = el('form', { class: 'sheet-in' }, glyph('#'), input, keep)
    on(sheet.alive, form, 'submit', event => {
      event.preventDefault()
      const read = readTags(input.value)
      if ('problem' in read) {
        status.textContent = read.problem
        return
      }
      sheet.close()
      onTags(read.tags)
    })
    return [form, status]
  })
}
