const ADMITTED = [/^\/sw\.js$/, /^\/assets\/[\w-]+\.js$/]

type UrlPolicy = { createScriptURL(url: string): string }
type PolicyFactory = { createPolicy(name: string, rules: UrlPolicy): UrlPolicy }

function isAdmitted(url: string): boolean {
  const parsed = new URL(url, window.location.href)
  return parsed.origin === window.location.origin && ADMITTED.some(pattern => pattern.test(parsed.pathname))
}

const rules: UrlPolicy = {
  createScriptURL(url) {
    if (import.meta.env.DEV || isAdmitted(url)) return url
    throw new TypeError('This page loads scripts only from its own assets.')
  },
}

const factory: PolicyFactory | undefined = Reflect.get(window, 'trustedTypes')
const policy = factory?.createPolicy('llmr-url', rules) ?? rules

/** The address of a worker of ours, in the form the page's Trusted Types policy asks for. Throws for any other address. */
export function trustedScriptUrl(url: string): string {
  return policy.createScriptURL(url)
}
