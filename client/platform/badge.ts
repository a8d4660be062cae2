/** Shows a number on the app's icon, and none at 0. Nothing happens where the platform has no such badge. */
export async function showBadge(navigator: Navigator, count: number): Promise<void> {
  if (!('setAppBadge' in navigator)) return
  if (count === 0) await navigator.clearAppBadge()
  else await navigator.setAppBadge(count)
}
