/** What chats are taken out as. */
export const EXPORT_FORMATS = ['markdown', 'json', 'html'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
