/** What a browser allows this page in the way of notifications. */
export type PushPermission =
  /** It has none for pages like this one. */
  | 'none'
  /** Only the installed app may have them (iPhone, iPad). */
  | 'installed-only'
  /** Nobody has decided yet. */
  | 'open'
  | 'granted'
  | 'denied'

export interface PushDevice {
  permission(): PushPermission
  /** Asks the user; to be called straight from a tap. */
  ask(): Promise<PushPermission>
  current(): Promise<PushSubscription | null>
  /** `publicKey` is the server's, base64url. A subscription for another key is given up for it. Throws what the push service says. */
  subscribe(publicKey: string): Promise<PushSubscription>
}

/** The notifications of this page. */
export function createPushDevice(page: Window, registration: Promise<ServiceWorkerRegistration> | null): PushDevice {
  const notifications: typeof Notification | undefined = Reflect.get(page, 'Notification')
  const isPossible = notifications !== undefined && registration !== null && 'PushManager' in page
  async function manager(): Promise<PushManager> {
    if (registration === null) throw new Error('Without a service worker there is nobody to take a message.')
    return (await registration).pushManager
  }
  const permission = (): PushPermission => {
    if (!isPossible) return isAppleTouch(page.navigator) && page.isSecureContext ? 'installed-only' : 'none'
    return notifications.permission === 'default' ? 'open' : notifications.permission
  }
  return {
    permission,
    async ask() {
      if (permission() === 'open') await notifications?.requestPermission()
      return permission()
    },
    async current() {
      return isPossible ? (await manager()).getSubscription() : null
    },
    async subscribe(publicKey) {
      const options = { userVisibleOnly: true, applicationServerKey: publicKey }
      const from = await manager()
      try {
        return await from.subscribe(options)
      } catch (error) {
        if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error
        await (await from.getSubscription())?.unsubscribe()
        return from.subscribe(options)
      }
    },
  }
}

/** An iPhone or iPad; the latter says that it is a Mac, but none of those has a touch screen. */
export function isAppleTouch({ userAgent, maxTouchPoints }: Navigator): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes('Macintosh') && maxTouchPoints > 1)
}
