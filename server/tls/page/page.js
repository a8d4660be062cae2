// Plain JavaScript, served as it is: the page works before, and without, any build.
const main = document.querySelector('main')
const { secureOrigin } = main.dataset
const ASK_EVERY_MS = 1500
const READ_MS = 1200

/** A cross-origin answer that nobody may read still tells one thing: whether the certificate was trusted. */
async function isTrusted() {
  try {
    await fetch(`${secureOrigin}/ping`, { mode: 'no-cors', cache: 'no-store', signal: AbortSignal.timeout(5000) })
    return true
  } catch {
    return false
  }
}

async function ask() {
  clearTimeout(timer)
  // An answer to an earlier question than the last one counts as well: once trusted, it stays so.
  if (document.visibilityState === 'visible' && (await isTrusted())) {
    main.dataset.state = 'trusted'
    setTimeout(() => location.replace(`${secureOrigin}/`), READ_MS)
    return
  }
  clearTimeout(timer)
  timer = setTimeout(ask, ASK_EVERY_MS)
}

let timer
if (location.protocol === 'http:') {
  // An iPad says that it is a Mac, which has no touch screen.
  const isPad = /Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1
  if (isPad && !location.search) location.replace('/https?on=iphone')
  // Back from the settings of the phone, where the steps lead: at once.
  document.addEventListener('visibilitychange', () => void ask())
  void ask()
}
