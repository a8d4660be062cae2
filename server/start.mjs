// Plain JavaScript, so that an old Node can still read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    `LLM Router needs Node 24 or newer, this is ${process.versions.node}. "npm start" brings its own on Linux; elsewhere install Node 24.`,
  )
  process.exit(1)
}
// Types are stripped and code is compiled at the first start only, which halves the time of every later one.
const { enableCompileCache } = await import('node:module')
enableCompileCache()
const { main } = await import('./main.ts')
await main()
