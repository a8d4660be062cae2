import { registerHooks } from 'node:module'

/* Given to the product's process with --import: it then runs without its durable log, and is otherwise the same. */

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('/run-event-log.ts')
      ? { url: new URL('./no-event-log.ts', import.meta.url).href, shortCircuit: true }
      : next(specifier, context),
})
