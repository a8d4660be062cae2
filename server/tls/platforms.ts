/** What a device needs to be told, by what its browser says it is. */
export type Platform = 'iphone' | 'android' | 'windows' | 'macos' | 'linux' | 'firefox'

type Guide = {
  readonly label: string
  /** Where it downloads the authority from. */
  readonly download: '/ca.crt' | '/ca.mobileconfig'
  readonly steps: readonly string[]
  /** One line that does the same for whoever has a terminal open; the file is in the folder for downloads. */
  readonly command?: string
}

/** Each step a sentence; names of menus as the system writes them. */
export const GUIDES: Readonly<Record<Platform, Guide>> = {
  iphone: {
    label: 'iphone, ipad',
    download: '/ca.mobileconfig',
    steps: [
      'Download the profile in Safari and allow it.',
      'Open Settings, tap Profile Downloaded, then Install.',
      'In Settings, General, About, Certificate Trust Settings, switch LLM Router on.',
      'Come back here. Then Share, Add to Home Screen.',
    ],
  },
  android: {
    label: 'android',
    download: '/ca.crt',
    steps: [
      'Download the certificate.',
      'Open Settings and search for “CA certificate”. Choose it, then Install anyway, then the file llm-router.crt.',
      'Come back here. Then open the menu of Chrome, Add to Home screen, Install.',
    ],
  },
  windows: {
    label: 'windows',
    download: '/ca.crt',
    steps: [
      'Download the certificate, then run this line in a terminal and say yes.',
      'Come back here. Then choose Install in the address bar.',
    ],
    command: 'certutil -user -addstore Root "%USERPROFILE%\\Downloads\\llm-router.crt"',
  },
  macos: {
    label: 'mac',
    download: '/ca.crt',
    steps: [
      'Download the certificate, then run this line in Terminal.',
      'Come back here. Then choose Install in the address bar, or in Safari File, Add to Dock.',
    ],
    command:
      'security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ~/Downloads/llm-router.crt',
  },
  linux: {
    label: 'linux',
    download: '/ca.crt',
    steps: [
      'Download the certificate, then run this line, which tells Chromium and Chrome. It needs the package libnss3-tools.',
      'Start the browser again and come back here. Then choose Install in the address bar.',
    ],
    command: 'certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n llm-router -i ~/Downloads/llm-router.crt',
  },
  firefox: {
    label: 'firefox',
    download: '/ca.crt',
    steps: [
      'Download the certificate.',
      'Open Settings, Privacy & Security, View Certificates, Authorities, Import, and choose the file llm-router.crt.',
      'Tick “Trust this CA to identify websites”, then come back here.',
    ],
  },
}

/** The platform of a visitor. An iPad says that it is a Mac; only the page itself can tell. */
export function platformOf(userAgent: string): Platform {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'iphone'
  if (/Android/.test(userAgent)) return 'android'
  if (/Windows/.test(userAgent)) return 'windows'
  if (/Macintosh/.test(userAgent)) return 'macos'
  return /Firefox/.test(userAgent) ? 'firefox' : 'linux'
}

export function isPlatform(name: string | undefined): name is Platform {
  return name !== undefined && Object.hasOwn(GUIDES, name)
}
