/** Copies text; false when the browser refused. Plain HTTP has no clipboard API, so a selection and `copy` stand in. */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text)
      return true
    } catch {
      return false
    }
  }
  const opener = document.activeElement
  const box = document.createElement('textarea')
  box.className = 'sr'
  box.value = text
  document.body.append(box)
  box.select()
  const isCopied = document.execCommand('copy')
  box.remove()
  if (opener instanceof HTMLElement) opener.focus()
  return isCopied
}
