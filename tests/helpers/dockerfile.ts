/** One step of a Dockerfile, continued lines joined. */
type DockerStep = { readonly word: string; readonly rest: string }
export type DockerStage = { readonly name: string; readonly image: string; readonly steps: readonly DockerStep[] }

/** The stages of a Dockerfile, in their order. */
export function readDockerfile(text: string): DockerStage[] {
  const stages: { name: string; image: string; steps: DockerStep[] }[] = []
  for (const line of text.replaceAll(/\\\n\s*/g, ' ').split('\n')) {
    const [, word, rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (word === undefined) continue
    const [, image = '', name = ''] = /^(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? []
    if (word === 'FROM') stages.push({ name, image, steps: [] })
    else stages.at(-1)?.steps.push({ word, rest })
  }
  return stages
}
