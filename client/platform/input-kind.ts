/** True where the main pointer is a mouse or a track pad, so a hardware keyboard is likely. */
export function hasFinePointer(): boolean {
  return window.matchMedia('(hover: hover) and (pointer: fine)').matches
}

/** True where the keyboard has ⌘ and ⌥. */
export function hasAppleKeyboard(): boolean {
  return /^(Mac|iP)/.test(navigator.platform)
}
