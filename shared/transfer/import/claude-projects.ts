import type { ForeignChat, Skipped } from './foreign-chat.ts'
import type { ImportFile } from './import-limits.ts'
import { field, listOf, textOf } from './peek.ts'
import { type DecodeUtf8, readItems } from './read-items.ts'
import { readZipEntry } from './read-zip-entry.ts'
import type { ZipEntry } from './zip-directory.ts'

type Project = { readonly name: string; readonly prompt: string | null; readonly documents: readonly unknown[] }

/** The projects of a Claude export, by their ids. */
export type ClaudeProjects = ReadonlyMap<string, Project>

/** Reads the file of an export in which its projects stand; there are none without it. */
export async function readProjects(
  file: ImportFile,
  entry: ZipEntry | undefined,
  decode: DecodeUtf8,
): Promise<ClaudeProjects> {
  const projects = new Map<string, Project>()
  if (entry === undefined) return projects
  for await (const { value } of readItems(readZipEntry(file, entry), () => false, decode)) {
    const [id, name] = [textOf(field(value, 'uuid')), textOf(field(value, 'name'))]
    if (id === null || name === null) continue
    const prompt = textOf(field(value, 'prompt_template'))
    projects.set(id, { name, prompt, documents: listOf(field(value, 'docs')) })
  }
  return projects
}

/** A project is a tag here, and its instructions are the system prompt of its chats. */
export function inProject(chat: ForeignChat, projects: ClaudeProjects): ForeignChat {
  const project = projects.get(chat.projectId ?? '')
  if (project === undefined) return chat
  return { ...chat, tags: [...chat.tags, project.name], systemPrompt: chat.systemPrompt ?? project.prompt }
}

/** What of the projects has no place here. */
export function skippedDocuments(projects: ClaudeProjects): readonly Skipped[] {
  return [...projects.values()].flatMap(({ name, documents }) =>
    documents.map(document => ({
      chat: name,
      node: textOf(field(document, 'filename')),
      reason: 'a document of a project, which belongs to no chat',
    })),
  )
}
