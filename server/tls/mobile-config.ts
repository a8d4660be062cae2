import type { X509Certificate } from 'node:crypto'

/** The authority as a profile that iPhones and iPads install (developer.apple.com/documentation/devicemanagement/certificateroot). */
export function mobileConfig(certificate: X509Certificate): string {
  const name = escapeXml(certificate.subject.replace(/^CN=/, ''))
  // The same authority is the same profile: installed again, it takes its own place.
  const [profileId, payloadId] = [uuidFrom(certificate.fingerprint256, 0), uuidFrom(certificate.fingerprint256, 16)]
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadVersion</key><integer>1</integer>
  <key>PayloadIdentifier</key><string>llm-router.${profileId}</string>
  <key>PayloadUUID</key><string>${profileId}</string>
  <key>PayloadDisplayName</key><string>${name}</string>
  <key>PayloadDescription</key><string>Lets this device trust your own LLM Router. It can vouch for home networks only, for no site of the internet.</string>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadVersion</key><integer>1</integer>
      <key>PayloadIdentifier</key><string>llm-router.${payloadId}</string>
      <key>PayloadUUID</key><string>${payloadId}</string>
      <key>PayloadDisplayName</key><string>${name}</string>
      <key>PayloadCertificateFileName</key><string>llm-router.crt</string>
      <key>PayloadContent</key><data>${certificate.raw.toString('base64')}</data>
    </dict>
  </array>
</dict>
</plist>
`
}

/** A UUID of version 8, which leaves the bits to whoever makes it (RFC 9562 §5.8). */
function uuidFrom(fingerprint: string, firstByte: number): string {
  const hex = fingerprint.replaceAll(':', '').slice(firstByte * 2, firstByte * 2 + 32)
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
