/** A file given out of the page: saved by the browser, or handed to another program of the device. */

/** True where the device can hand this file to another program: phones can, for the kinds they know. */
export function canShareFile(file: File): boolean {
  return typeof navigator.canShare === 'function' && navigator.canShare({ files: [file] })
}

/** Opens the device's own sheet for it. Closing that sheet is no failure. */
export async function shareFile(file: File): Promise<void> {
  try {
    await navigator.share({ files: [file] })
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
  }
}

/** Saves it where the browser saves files. */
export function saveFile(file: File): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = file.name
  link.click()
  // The download has its own hold on the file by the time the page is idle again.
  requestIdleCallback(() => URL.revokeObjectURL(url))
}
