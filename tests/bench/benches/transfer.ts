import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DESK, launchProfile } from '../../helpers/browser.ts'
import { writeChatFile } from '../chat-file.ts'
import { type Child, startChild } from '../child.ts'
import type { Row } from '../row.ts'
import {
  askMeanwhile,
  bringIn,
  type JobFigures,
  openData,
  putBareRows,
  secondsToPi,
  takeOut,
} from '../transfer-runs.ts'
import { exportFromPi, importToPi, type PiFigures } from '../transfer-server.ts'

/** 200,000 messages are a file of 200 MB; BENCH_CONVERSATIONS takes a part of it. */
const CONVERSATIONS = Number(process.env['BENCH_CONVERSATIONS'] ?? 10_000)
const DATA_SET = { conversations: CONVERSATIONS, messagesEach: 20, seed: 20_261_123 }
const MESSAGES = CONVERSATIONS * DATA_SET.messagesEach
const MOST_MEGABYTES = 150

/** A large history, into the browser and out of it, from there to the pi, and into the pi itself. */
export async function transfer(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'llm-router-bench-'))
  try {
    const path = join(folder, 'chats.json')
    await writeChatFile(path, DATA_SET)
    return [
      ...(await withPi(folder, 'device', pi => measureDevice(pi, { folder, path }))),
      ...(await measurePi(folder, path)),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function withPi<Result>(folder: string, name: string, work: (pi: Child) => Promise<Result>): Promise<Result> {
  const pi = await startChild({
    parameters: ['server/start.mjs'],
    // Nothing listens there, so that no Ollama of this machine takes part.
    environment: { OLLAMA_BASE_URL: 'http://127.0.0.1:9', DATABASE_PATH: join(folder, `${name}.db`) },
  })
  try {
    return await work(pi)
  } finally {
    await pi.stop()
  }
}

async function measureDevice(
  pi: Child,
  { folder, path }: { readonly folder: string; readonly path: string },
): Promise<readonly Row[]> {
  // A private window keeps its database in memory.
  const profile = await launchProfile(join(folder, 'profile'), DESK)
  try {
    const page = await openData(profile, pi.url)
    const { look, take } = await bringIn(page, path)
    const [asked, piSeconds] = await Promise.all([askMeanwhile(page, pi.url), secondsToPi(page, pi.url, DATA_SET)])
    const saved = `${path}.out`
    const out = await takeOut(page, saved)
    // Last, for what it leaves behind would be taken for what the page needs.
    const bareSeconds = await putBareRows(page, MESSAGES)
    return [
      ...jobRows('look into a file', look),
      ...jobRows('bring in', take, { name: 'bare rows', value: bareSeconds }),
      ...jobRows('take out', out),
      row('take out: files that differ from what came in', 'files', beginningDiffers(path, saved), { most: 0 }),
      row('brought in: messages to the pi', '/s', MESSAGES / piSeconds, { least: 1000 }),
      row('a prompt meanwhile: until it leaves', 'ms', asked.leavesAfterMs, { most: 1000 }),
      row('a prompt meanwhile: until its answer begins', 'ms', asked.beginsAfterMs, { most: 2000 }),
    ]
  } finally {
    await profile.close()
  }
}

async function measurePi(folder: string, path: string): Promise<readonly Row[]> {
  return withPi(folder, 'pi', async pi => {
    const into = await importToPi(pi, path)
    const saved = `${path}.pi`
    const out = await exportFromPi(pi, saved)
    return [
      ...piRows('import on the pi', into),
      ...piRows('export from the pi', out),
      row('export from the pi: files that differ', 'files', differing(path, saved), { most: 0 }),
    ]
  })
}

function jobRows(what: string, figures: JobFigures, baseline: Row['baseline'] = null): readonly Row[] {
  const of = `${what}, ${MESSAGES.toLocaleString('en')} messages`
  const time = { what: of, unit: 's', baseline, product: figures.seconds }
  return [
    { ...time, target: baseline === null ? { most: 60 } : { mostRatio: 3 } },
    row(`${what}: longest wait of the page`, 'ms', figures.longestTaskMs, { most: 50 }),
    row(`${what}: memory of page and workers`, 'MB', figures.megabytes, { most: MOST_MEGABYTES }),
  ]
}

function piRows(what: string, { seconds, megabytes }: PiFigures): readonly Row[] {
  return [
    row(`${what}, ${MESSAGES.toLocaleString('en')} messages`, 's', seconds, { most: 60 }),
    row(`${what}: memory of the server (RSS)`, 'MB', megabytes, { most: MOST_MEGABYTES }),
  ]
}

function row(what: string, unit: string, product: number, target: Row['target']): Row {
  return { what, unit, baseline: null, product, target }
}

/** The chat that was asked meanwhile is the newest, and so the last: before it stands what came in. */
function beginningDiffers(one: string, other: string): number {
  const whole = readFileSync(one)
  const end = whole.length - '\n]}\n'.length
  return readFileSync(other).subarray(0, end).equals(whole.subarray(0, end)) ? 0 : 1
}

function differing(one: string, other: string): number {
  return readFileSync(one).equals(readFileSync(other)) ? 0 : 1
}
