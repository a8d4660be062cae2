import { keepShared } from '../installed/shared-things.ts'
import type { SharedFile } from '../installed/worker-database.ts'
import { newId } from '../platform/random.ts'

/** A larger file is no text that fits a prompt; only its name is kept, so that the page can say so. */
const MOST_KEPT_BYTES = 1_000_000

/** Keeps what another app has shared and sends the browser on to the page, which takes it into a draft. */
export async function receiveShare(request: Request): Promise<Response> {
  try {
    const form = await request.formData()
    const words = (name: string): string => form.getAll(name).filter(isText).join('\n')
    const files = form.getAll('files').filter(value => value instanceof File)
    await keepShared({
      id: newId(),
      title: words('title'),
      text: words('text'),
      url: words('url'),
      // A form without files sends one that is empty and has no name.
      files: files.filter(({ name, size }) => name !== '' || size > 0).map(keptFile),
    })
    return Response.redirect('/?shared=kept', 303)
  } catch {
    // The page says it: this answer has no screen of its own.
    return Response.redirect('/?shared=lost', 303)
  }
}

function keptFile(file: File): SharedFile {
  const { name, type, size: sizeBytes } = file
  return { name, type, sizeBytes, bytes: sizeBytes <= MOST_KEPT_BYTES ? file : null }
}

function isText(value: FormDataEntryValue): value is string {
  return typeof value === 'string'
}
