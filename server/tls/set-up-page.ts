import { html, raw } from 'hono/html'
import { renderSVG } from 'uqr'
import { GUIDES, type Platform } from './platforms.ts'

export type SetUpPage = {
  readonly platform: Platform
  /** Where the app is on HTTPS, without a path. */
  readonly secureOrigin: string
  /** This page's own address, for another device. */
  readonly pageUrl: string
  /** Of our authority; null when the certificate is the person's own. */
  readonly fingerprint: string | null
  /** True when the page itself came by HTTPS: then there is nothing to wait for. */
  readonly isSecure: boolean
  readonly styleSheets: readonly string[]
}

type Html = ReturnType<typeof html>

/** The page that gets a device from plain HTTP to the installed app. It needs no script, except to notice by itself that it is done. */
export function setUpPage(page: SetUpPage): Html {
  const { secureOrigin, isSecure, styleSheets } = page
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>install llm router</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
${styleSheets.map(href => html`<link rel="stylesheet" href="${href}">`)}
<link rel="stylesheet" href="/https/page.css">
<script type="module" src="/https/page.js"></script>
</head>
<body class="set-up">
<main data-secure-origin="${secureOrigin}" data-state="${isSecure ? 'trusted' : 'waiting'}">
  <h1><span aria-hidden="true">❯ </span>install llm router</h1>
  <p>An app on this device, with its chats, offline and with a word when an answer is ready. For that the browser asks for HTTPS.</p>
  <p class="set-up-state" role="status">
    <span data-when="waiting"><span aria-hidden="true">◐ </span>This device does not trust your pi yet.</span>
    <span data-when="trusted"><span aria-hidden="true">✓ </span>This device trusts your pi.</span>
  </p>
  ${page.fingerprint === null ? '' : guide(page)}
  <p class="set-up-keys">
    <a class="key" data-kind="${page.fingerprint === null ? 'go' : 'box'}" href="${secureOrigin}/">open ${secureOrigin.replace('https://', '')}</a>
    ${isSecure ? '' : html`<a class="key" href="/https/skip">use it without installing</a>`}
  </p>
  ${page.fingerprint === null ? '' : proof(page.fingerprint)}
  ${otherDevices(page)}
</main>
</body>
</html>`
}

function guide({ platform }: SetUpPage): Html {
  const { label, download, steps, command } = GUIDES[platform]
  return html`<section aria-labelledby="steps">
    <h2 id="steps">once on this device (${label})</h2>
    <ol>${steps.map(step => html`<li>${step}</li>`)}</ol>
    ${command === undefined ? '' : html`<pre tabindex="0"><code>${command}</code></pre>`}
    <p class="set-up-keys"><a class="key" data-kind="go" href="${download}" download>download the certificate</a></p>
    <p class="set-up-dim">A warning that you click away is not enough: the browser then shows the page, and installs nothing.</p>
  </section>`
}

function proof(fingerprint: string): Html {
  return html`<section aria-labelledby="proof">
    <h2 id="proof">is it yours?</h2>
    <p>The pi prints the same SHA-256 when it starts. If they differ, somebody is between you and it: stop.</p>
    <p class="set-up-print">${fingerprint}</p>
    <p class="set-up-dim">It can vouch for home networks only (.local, .lan, private addresses), never for a site of the internet, and its key never leaves the pi.</p>
  </section>`
}

function otherDevices({ platform, pageUrl, fingerprint }: SetUpPage): Html {
  const others = Object.entries(GUIDES).filter(([name]) => name !== platform)
  return html`<section aria-labelledby="others">
    <h2 id="others">another device</h2>
    <p>Point its camera here, or open ${pageUrl}</p>
    <div class="set-up-code" role="img" aria-label="The address as a code for a camera">${raw(renderSVG(pageUrl, { border: 2 }))}</div>
    ${fingerprint === null ? '' : html`<nav aria-label="Steps for another system">${others.map(([name, { label }]) => html`<a class="key brk" href="/https?on=${name}">${label}</a>`)}</nav>`}
  </section>`
}
