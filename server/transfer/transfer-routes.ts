import { Hono } from 'hono'
import * as v from 'valibot'
import { EXPORT_FORMATS } from '#shared/transfer/export-formats.ts'
import { idField } from '#shared/wire/fields.ts'
import { askerOf } from '../http/asker.ts'
import { readQuery } from '../http/read-body.ts'
import type { ExportService } from './export-service.ts'
import type { ImportService } from './import-service.ts'
import { spoolBody } from './spool-body.ts'

const flag = v.optional(
  v.pipe(
    v.picklist(['0', '1'], '0 or 1'),
    v.transform(text => text === '1'),
  ),
  '0',
)

const exportQuery = v.strictObject({
  format: v.optional(v.picklist(EXPORT_FORMATS, EXPORT_FORMATS.join(', ')), 'json'),
  conversations: v.optional(
    v.pipe(
      v.string('ids with commas between'),
      v.transform(text => [...new Set(text.split(','))]),
      v.array(idField),
      v.maxLength(500, 'at most 500 ids'),
    ),
  ),
  usage: flag,
})

const importQuery = v.strictObject({ dry_run: flag })

export type TransferDependencies = {
  /** Both are loaded when they are asked for: the formats of other programs are half as much code as all that a chat takes. */
  readonly openExports: () => Promise<ExportService>
  readonly openImports: () => Promise<ImportService>
  /** A path for a file that lives as long as a request. */
  readonly temporaryPath: () => string
}

export function exportRoutes({ openExports }: TransferDependencies): Hono {
  return new Hono().get('/', async context => {
    const { format, conversations = null, usage } = readQuery(context, exportQuery)
    const { userId } = askerOf(context)
    const exports = await openExports()
    const { name, mediaType, pieces } = exports.export(userId, { format, conversations, withUsage: usage })
    context.header('Content-Type', mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType)
    context.header('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    return context.body(bodyOf(pieces))
  })
}

export function importRoutes({ openImports, temporaryPath }: TransferDependencies): Hono {
  return new Hono().post('/', async context => {
    const { dry_run: isDryRun } = readQuery(context, importQuery)
    const asker = askerOf(context)
    const spooled = await spoolBody(context.req.raw.body, temporaryPath())
    try {
      const imports = await openImports()
      const report = await imports.import(asker, spooled.file, { isDryRun })
      return context.json({ dry_run: isDryRun, ...report })
    } finally {
      await spooled.close()
    }
  })
}

/** Asks for the next piece when the last one is on its way, and ends the reading when nobody listens any more. */
function bodyOf(pieces: AsyncGenerator<string | Uint8Array>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value)
    },
    async cancel() {
      await pieces.return(undefined)
    },
  })
}
