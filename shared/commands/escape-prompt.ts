/** The line in the message box that means this prompt, whatever it begins with: a first slash is doubled. */
export function escapePrompt(prompt: string): string {
  return prompt.startsWith('/') ? `/${prompt}` : prompt
}
