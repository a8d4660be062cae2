/** Another way to show an answer that grows; `show` resolves in the next frame. */
export declare function openPeer(
  name: 'marked' | 'streamdown',
  root: HTMLElement,
): { show(text: string): Promise<void>; close(): void }
