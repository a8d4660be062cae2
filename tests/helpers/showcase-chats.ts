import type { MessageStatus } from '#shared/records.ts'

/** One question and the answers to it; the last answer is the one on the screen. */
export type ShownTurn = {
  readonly ask: string
  readonly answers: readonly ShownAnswer[]
}

type ShownAnswer = {
  readonly text: string
  readonly reasoning?: string
  readonly status?: MessageStatus
  readonly error?: { readonly code: string; readonly message: string; readonly retryable: boolean }
  readonly tokens?: { readonly input: number; readonly output: number; readonly cacheRead?: number }
  readonly costNanousd?: number | null
}

export type ShownChat = {
  readonly title: string
  readonly model: string
  /** Minutes before now. */
  readonly age: number
  readonly tags?: readonly string[]
  readonly shelf?: 'pinned' | 'archive' | 'trash'
  readonly turns: readonly ShownTurn[]
}

const SONNET = 'anthropic/claude-sonnet-4-5'
const MINI = 'openai/gpt-5-mini'
const LLAMA = 'groq/llama-3.3-70b'
const MANUAL = 'manual/manual'

const HEARTBEAT = `The server only learns that a socket is dead when a read fails, so after a network hop your phone can sit on a silent stream for **40 s or more**. Your log shows exactly that at 13:58.

Cheapest first:

1. Send a comment line every 15 s. Proxies and radios both stay awake.
2. Give each event an \`id\` and resume from the last one you saw.
3. Retry with jitter, from 250 ms up to 8 s.

Start with the heartbeat: one line on the server, nothing on the phone.`

const RICH = `# What to change

| setting | default | here | why |
|---|---:|---:|---|
| \`journal_mode\` | delete | **wal** | readers never wait |
| \`synchronous\` | full | full | a Pi loses power |
| \`cache_size\` | -2000 | -8000 | 8 MB is enough for one person |

\`\`\`ts
// One writer, opened once.
export function openDatabase(path: string): Sqlite {
  const sqlite = new Database(path)
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = FULL')
  return sqlite
}
\`\`\`

- [x] measure the commit, not the insert
- [ ] try a better card
  - class A2, or
  - an SSD on USB 3

> A slow card is slow in bursts: the third second is the one that counts.

See [the SQLite page](https://sqlite.org/wal.html) and ![a graph](https://example.org/latency.png).[^1]

[^1]: Measured on a Pi 4, ext4, 1,000 commits.`

const SCRIPTS = `日本語の表も揃います。

| 言葉 | 読み | 意味 |
|---|---|---|
| 月 | つき | moon |
| 潮 | しお | tide |

النص العربي يُقرأ من اليمين إلى اليسار، حتى داخل رسالة واحدة مع كلمة \`code\` في الوسط.

Emoji keep their width: 🌊🌙👩‍🚀 end.`

/** Chats that show every part of the interface, as a person might have them. */
export const SHOWN_CHATS: readonly ShownChat[] = [
  {
    title: 'phone drops the stream',
    model: SONNET,
    age: 3,
    turns: [
      {
        ask: 'my phone drops the stream when it hops from wifi to lte. what is the smallest fix?',
        answers: [
          { text: 'Turn the radio off.', tokens: { input: 1290, output: 6 }, costNanousd: 3_960_000 },
          {
            text: HEARTBEAT,
            reasoning:
              'A heartbeat is the smallest change. Ids and a resume point come next. Polling would cost battery.',
            tokens: { input: 1302, output: 348, cacheRead: 1024 },
            costNanousd: 9_126_000,
          },
        ],
      },
      {
        ask: 'and if the pi reboots mid-answer?',
        answers: [
          {
            text: 'Then the answer is gone from memory but not from disk, if you write each chunk before you send it.',
            status: 'interrupted',
            tokens: { input: 1702, output: 61 },
            costNanousd: 6_021_000,
          },
        ],
      },
    ],
  },
  {
    title: 'sqlite wal on a slow sd card',
    model: MINI,
    age: 41,
    turns: [
      {
        ask: 'which pragmas for a pi with a slow card?',
        answers: [{ text: RICH, tokens: { input: 212, output: 402 }, costNanousd: 857_000 }],
      },
    ],
  },
  {
    title: 'weekly meal plan',
    model: SONNET,
    age: 185,
    shelf: 'pinned',
    tags: ['home'],
    turns: [
      {
        ask: 'swap thursday for lentils',
        answers: [
          {
            text: 'Done: lentils on Thursday, fish on Friday.',
            tokens: { input: 820, output: 24 },
            costNanousd: 2_820_000,
          },
        ],
      },
    ],
  },
  {
    title: 'explain a mortgage offer',
    model: MINI,
    age: 26 * 60,
    turns: [
      {
        ask: 'what does the second page of this offer mean?',
        answers: [
          {
            text: 'The rate on page two is fixed for',
            status: 'error',
            error: {
              code: 'rate-limited',
              message: 'OpenAI stopped the answer. Too many requests on your key.',
              retryable: true,
            },
            tokens: { input: 410, output: 61 },
            costNanousd: 224_500,
          },
        ],
      },
    ],
  },
  {
    title: '潮汐と月 · المد والجزر',
    model: LLAMA,
    age: 27 * 60,
    turns: [
      {
        ask: '潮の満ち引きを表で教えて',
        answers: [{ text: SCRIPTS, tokens: { input: 96, output: 210 }, costNanousd: null }],
      },
    ],
  },
  {
    title:
      'a title that is much longer than any pane of any device will ever be able to show on one line without cutting it',
    model: MANUAL,
    age: 50 * 60,
    tags: ['work', 'long-tag-that-goes-on'],
    turns: [
      {
        ask: 'Averylongwordwithoutanyspaceinitthatmustnotpushthepagewiderthanthephoneitisreadon'.repeat(3),
        answers: [{ text: 'It wraps.', status: 'cancelled', tokens: { input: 12, output: 3 }, costNanousd: 0 }],
      },
    ],
  },
  {
    title: 'letter to the landlord',
    model: SONNET,
    age: 8 * 24 * 60,
    shelf: 'archive',
    turns: [
      {
        ask: 'shorter, and keep the dates',
        answers: [
          {
            text: 'Dear Ms Kohl, the heating has been off since 3 November.',
            tokens: { input: 300, output: 90 },
            costNanousd: 2_250_000,
          },
        ],
      },
    ],
  },
  {
    title: 'regex for iso dates',
    model: MINI,
    age: 9 * 24 * 60,
    shelf: 'trash',
    turns: [
      {
        ask: 'anchors first, then the zone',
        answers: [{ text: '`^\\d{4}-\\d\\d-\\d\\d$`', tokens: { input: 80, output: 20 }, costNanousd: 60_000 }],
      },
    ],
  },
]
