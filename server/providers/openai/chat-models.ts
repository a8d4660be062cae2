const CHAT_FAMILY = /^(ft:)?(gpt-|chatgpt-|chat-latest|o\d)/
// They hear, speak, draw, search or complete plain text, each through an API of its own.
const OTHER_PURPOSE = /instruct|image|audio|realtime|transcribe|tts|search|deep-research|moderation|embedding/

/** True for a model of OpenAI's that answers prompts, told by its name: the list says nothing else. */
export function isChatModel(name: string): boolean {
  return CHAT_FAMILY.test(name) && !OTHER_PURPOSE.test(name)
}
