import lighthouse from 'lighthouse'

/** What Lighthouse says of a page in the browser that listens at `port`, with its own mobile profile. */
export async function audit(url, port) {
  const result = await lighthouse(url, {
    port,
    logLevel: 'error',
    onlyCategories: ['performance', 'accessibility', 'best-practices'],
  })
  if (result === undefined) throw new Error('Lighthouse gave no result')
  const { categories, audits, runtimeError } = result.lhr
  if (runtimeError) throw new Error(runtimeError.message)
  return {
    scores: Object.fromEntries(Object.entries(categories).map(([id, { score }]) => [id, Math.round(score * 100)])),
    lost: Object.values(categories).flatMap(({ id, auditRefs }) =>
      auditRefs
        .filter(({ weight, id: name }) => weight > 0 && (audits[name].score ?? 1) < 1)
        .map(({ id: name }) => `${id}: ${name}: ${audits[name].displayValue ?? audits[name].title}`),
    ),
  }
}
