import type { ErrorCode } from '#shared/errors.ts'

/** What the server under test holds before the first hostile request; see `storeKnownRecords`. */
export const KNOWN = {
  conversation: '01a20000-0000-7000-8000-00000000000a',
  prompt: '01a20000-0000-7000-8000-0000000000a1',
  answer: '01a20000-0000-7000-8000-0000000000a2',
  run: '01a20000-0000-7000-8000-0000000000a3',
  otherConversation: '01a20000-0000-7000-8000-00000000000b',
  otherPrompt: '01a20000-0000-7000-8000-0000000000b1',
  trashed: '01a20000-0000-7000-8000-00000000000c',
} as const
const NOWHERE = '01a20000-0000-7000-8000-0000000000ff'

type HostileCase = {
  readonly name: string
  readonly method?: string
  readonly path: string
  /** A string is sent as it is, all else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly status: number
  readonly code: ErrorCode
  readonly field?: string
}

type Refusal = readonly [status: number, code: ErrorCode, field?: string]

const CHAT = '/api/chat/stream'
const CONVERSATIONS = '/api/conversations'
const ONE = `${CONVERSATIONS}/${KNOWN.conversation}`
const CLONE = `${ONE}/clone`
const MODEL = 'manual/manual'
const wrong = (field: string): Refusal => [400, 'bad-request', field]
const unknown = (field: string): Refusal => [404, 'not-found', field]

function send(name: string, path: string, body: unknown, [status, code, field]: Refusal, method = 'POST'): HostileCase {
  return {
    name: `${name}: ${method} ${path}`,
    method,
    path,
    body,
    status,
    code,
    ...(field === undefined ? {} : { field }),
  }
}

function get(
  path: string,
  [status, code, field]: Refusal,
  headers: Readonly<Record<string, string>> = {},
): HostileCase {
  const shown = path.length > 90 ? `${path.slice(0, 90)}…` : path
  return {
    name: `GET ${shown} ${JSON.stringify(headers)}`,
    path,
    headers,
    status,
    code,
    ...(field === undefined ? {} : { field }),
  }
}

const create = (name: string, body: unknown, refusal: Refusal) => send(name, CONVERSATIONS, body, refusal)
const change = (name: string, body: unknown, refusal: Refusal) => send(name, ONE, body, refusal, 'PATCH')
const clone = (name: string, body: unknown, refusal: Refusal) => send(name, CLONE, body, refusal)
const chat = (name: string, fields: Readonly<Record<string, unknown>>, refusal: Refusal) =>
  send(name, CHAT, { message: 'Hello', model: MODEL, ...fields }, refusal)

const BAD_JSON: Refusal = [400, 'bad-json']
const NO_OBJECT: Refusal = [400, 'bad-request']
const nested = (depth: number) => '{"title":'.concat('['.repeat(depth), ']'.repeat(depth), '}')

const BAD_BODIES: readonly HostileCase[] = [
  ...[
    '',
    '{',
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{}]',
    '[{"title":"x"}]',
    '{"title":"x"',
    "{'title':'x'}",
    '{"title":"x",}',
  ].map(body => create(`body ${body}`, body, /^(null|true|1|"text"|\[.*\])$/.test(body) ? NO_OBJECT : BAD_JSON)),
  create('comment in JSON', '{"title":"x"/**/}', BAD_JSON),
  create('NaN', '{"title":NaN}', BAD_JSON),
  create('two values', '{}{}', BAD_JSON),
  create('an escape that is none', '{"title":"\\x41"}', BAD_JSON),
  create('a raw line end in a text', '{"title":"a\nb"}', BAD_JSON),
  create('depth 101', nested(101), BAD_JSON),
  create('depth 10 000', nested(10_000), BAD_JSON),
  create('depth 100 000 of objects', '{"a":'.repeat(40_000), BAD_JSON),
  create('closing brackets only', ']'.repeat(10_000), BAD_JSON),
  create('__proto__', '{"__proto__":{"title":"x"}}', wrong('__proto__')),
  create('constructor', '{"constructor":{"prototype":{"title":"x"}}}', wrong('constructor')),
  create('toString', { toString: 'x' }, wrong('toString')),
  create('a field under a name with a dot', { 'title.length': 1 }, wrong('title.length')),
  create('the last of two fields of one name is the one that counts', '{"title":"fine","title":7}', wrong('title')),
]

const BAD_CONVERSATIONS: readonly HostileCase[] = [
  create('unknown field', { titel: 'x' }, wrong('titel')),
  create('a field that only a change takes', { tags: ['x'] }, wrong('tags')),
  create('title of a number', { title: 7 }, wrong('title')),
  create('title of a list', { title: ['x'] }, wrong('title')),
  create('title of an object', { title: { toString: 'x' } }, wrong('title')),
  create('empty title', { title: '' }, wrong('title')),
  create('title too long', { title: 'x'.repeat(301) }, wrong('title')),
  create('title with NUL', { title: 'a\0b' }, wrong('title')),
  create('title with a lone high surrogate', '{"title":"\\ud83d"}', wrong('title')),
  create('title with a lone low surrogate', '{"title":"\\ude00!"}', wrong('title')),
  create('title with surrogates the wrong way round', '{"title":"\\ude00\\ud83d"}', wrong('title')),
  create('id in capitals', { id: NOWHERE.toUpperCase() }, wrong('id')),
  create('id with a line end', { id: `${NOWHERE}\n` }, wrong('id')),
  create('id of a number', { id: 1 }, wrong('id')),
  create('id of zeros', { id: '00000000-0000-0000-0000-000000000000' }, wrong('id')),
  create('id of 10 kB', { id: 'a'.repeat(10_240) }, wrong('id')),
  create('id that is a path', { id: '../../etc/passwd' }, wrong('id')),
  create('id that is taken', { id: KNOWN.conversation }, [409, 'conflict', 'id']),
  create('id that is taken in the trash', { id: KNOWN.trashed }, [409, 'conflict', 'id']),
  create('model without a slash', { model: 'manual' }, wrong('model')),
  create('model without a name', { model: 'manual/' }, wrong('model')),
  create('model without a provider', { model: '/manual' }, wrong('model')),
  create('model too long', { model: `manual/${'x'.repeat(300)}` }, wrong('model')),
  create('system prompt too long', { system_prompt: 'x'.repeat(100_001) }, wrong('system_prompt')),
  change('no field', {}, [400, 'bad-request']),
  change('title null', { title: null }, wrong('title')),
  change('id', { id: NOWHERE }, wrong('id')),
  change('deleted_at', { deleted_at: 1 }, wrong('deleted_at')),
  change('rev', { rev: 99 }, wrong('rev')),
  change('user_id', { user_id: 2 }, wrong('user_id')),
  change('pinned_at below zero', { pinned_at: -1 }, wrong('pinned_at')),
  change('pinned_at with a fraction', { pinned_at: 1.5 }, wrong('pinned_at')),
  change('pinned_at beyond time', { pinned_at: 8_640_000_000_000_001 }, wrong('pinned_at')),
  change('pinned_at too large for a number', '{"pinned_at":1e999}', wrong('pinned_at')),
  change('archived_at true', { archived_at: true }, wrong('archived_at')),
  change('archived_at text', { archived_at: '2026-11-23' }, wrong('archived_at')),
  change('tags of text', { tags: 'x' }, wrong('tags')),
  change('tags of an object', { tags: { 0: 'x', length: 1 } }, wrong('tags')),
  change('tag with a space', { tags: ['fine', 'not fine'] }, wrong('tags.1')),
  change('tag with a slash', { tags: ['a/b'] }, wrong('tags.0')),
  change('empty tag', { tags: [''] }, wrong('tags.0')),
  change('tag too long', { tags: ['x'.repeat(51)] }, wrong('tags.0')),
  change('51 tags', { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) }, wrong('tags')),
  change('params null', { params: null }, wrong('params')),
  change('unknown parameter', { params: { top_p: 1 } }, wrong('params.top_p')),
  change('temperature too high', { params: { temperature: 2.01 } }, wrong('params.temperature')),
  change('max_output_tokens 0', { params: { max_output_tokens: 0 } }, wrong('params.max_output_tokens')),
  change('__proto__ in params', '{"params":{"__proto__":{"temperature":1}}}', wrong('params.__proto__')),
  change('leaf that is nowhere', { active_leaf_id: NOWHERE }, unknown('active_leaf_id')),
  change('leaf of another conversation', { active_leaf_id: KNOWN.otherPrompt }, unknown('active_leaf_id')),
  change(
    'a good field beside a bad one',
    { title: 'New', active_leaf_id: KNOWN.otherPrompt },
    unknown('active_leaf_id'),
  ),
  clone('unknown scope', { scope: 'half' }, wrong('scope')),
  clone('scope of a list', { scope: ['all'] }, wrong('scope')),
  clone('unknown field', { title: 'x' }, wrong('title')),
  clone('message id in capitals', { message_id: NOWHERE.toUpperCase() }, wrong('message_id')),
  clone('message that is nowhere', { message_id: NOWHERE }, unknown('message_id')),
  clone('message of another conversation', { message_id: KNOWN.otherPrompt }, unknown('message_id')),
  clone(
    'message of another conversation, scope all',
    { message_id: KNOWN.otherPrompt, scope: 'all' },
    unknown('message_id'),
  ),
]

const BAD_CHATS: readonly HostileCase[] = [
  send('no field', CHAT, {}, wrong('model')),
  send('no model', CHAT, { message: 'Hello' }, wrong('model')),
  send('no message', CHAT, { model: MODEL }, wrong('message')),
  chat('message null', { message: null }, wrong('message')),
  chat('empty message', { message: '' }, wrong('message')),
  chat('message of a number', { message: 7 }, wrong('message')),
  chat('message with NUL', { message: 'a\0b' }, wrong('message')),
  send('message with a lone surrogate', CHAT, `{"model":"${MODEL}","message":"\\udead"}`, wrong('message')),
  chat('unknown field', { prompt: [] }, wrong('prompt')),
  chat('earlier messages of a chat that is stored', { messages: [] }, wrong('messages')),
  chat('temporary of text', { temporary: 'yes' }, wrong('temporary')),
  chat('temporary, without a message', { temporary: true, message: null }, wrong('message')),
  chat('temporary, under a stored message', { temporary: true, parent_id: NOWHERE }, wrong('parent_id')),
  chat('temporary, with an attachment', { temporary: true, attachments: [NOWHERE] }, wrong('attachments')),
  chat('temporary, after no message', { temporary: true, messages: [{ role: 'user' }] }, wrong('messages.0.content')),
  chat(
    'temporary, after a message of the system',
    { temporary: true, messages: [{ role: 'system', content: 'x' }] },
    wrong('messages.0.role'),
  ),
  chat('user_id', { user_id: 2 }, wrong('user_id')),
  chat('model in capitals', { model: 'Manual/manual' }, wrong('model')),
  chat('model with a line end', { model: 'manual/\nx' }, wrong('model')),
  chat('provider that is not there', { model: 'nowhere/model' }, [422, 'unknown-model', 'model']),
  chat('provider that is not set up', { model: 'openai/gpt-5' }, [503, 'provider-not-configured', 'model']),
  chat('other provider that is not set up', { model: 'anthropic/claude' }, [503, 'provider-not-configured', 'model']),
  chat('temperature below zero', { temperature: -0.1 }, wrong('temperature')),
  chat('temperature of text', { temperature: '1' }, wrong('temperature')),
  chat('temperature too large for a number', { temperature: 1e300 }, wrong('temperature')),
  chat('reasoning true', { reasoning: true }, wrong('reasoning')),
  chat('unknown reasoning', { reasoning: 'extreme' }, wrong('reasoning')),
  chat('max_output_tokens with a fraction', { max_output_tokens: 1.5 }, wrong('max_output_tokens')),
  chat('max_output_tokens too high', { max_output_tokens: 1_000_001 }, wrong('max_output_tokens')),
  chat('system of a list', { system: ['x'] }, wrong('system')),
  chat('empty system', { system: '' }, wrong('system')),
  chat('run id that is none', { run_id: 'run' }, wrong('run_id')),
  chat('run id of 10 kB', { run_id: 'a'.repeat(10_240) }, wrong('run_id')),
  chat('attachments of text', { attachments: NOWHERE }, wrong('attachments')),
  chat('attachment id that is none', { attachments: ['../x'] }, wrong('attachments.0')),
  chat('21 attachments', { attachments: Array(21).fill(NOWHERE) }, wrong('attachments')),
  chat('attachment that is nowhere', { attachments: [NOWHERE] }, unknown('attachments.0')),
  chat('conversation that is nowhere', { conversation_id: NOWHERE }, unknown('conversation_id')),
  chat('conversation in the trash', { conversation_id: KNOWN.trashed }, unknown('conversation_id')),
  chat('conversation id that is a path', { conversation_id: '../x' }, wrong('conversation_id')),
  chat('parent that is nowhere', { conversation_id: KNOWN.conversation, parent_id: NOWHERE }, unknown('parent_id')),
  chat(
    'parent of another conversation',
    { conversation_id: KNOWN.conversation, parent_id: KNOWN.otherPrompt },
    unknown('parent_id'),
  ),
  chat('parent without its conversation', { parent_id: KNOWN.prompt }, wrong('conversation_id')),
  chat(
    'no message below an answer',
    { message: null, conversation_id: KNOWN.conversation, parent_id: KNOWN.answer },
    wrong('message'),
  ),
  chat('message id that is taken', { message_id: KNOWN.answer }, [409, 'conflict', 'message_id']),
  chat('prompt id that is taken', { user_message_id: KNOWN.prompt }, [409, 'conflict', 'user_message_id']),
]

const LOST_IDS = [
  KNOWN.conversation.toUpperCase(),
  '..%2f..%2fetc%2fpasswd',
  '%00',
  `${KNOWN.conversation}%00`,
  `${KNOWN.conversation}%0a`,
  '%ff',
  '1%20OR%201=1',
  '__proto__',
  'a'.repeat(10_240),
  NOWHERE,
  KNOWN.trashed,
]

const BAD_PATHS: readonly HostileCase[] = [
  ...LOST_IDS.map(id => get(`${CONVERSATIONS}/${id}`, unknown('id'))),
  ...LOST_IDS.slice(0, 10).flatMap(id => [
    get(`/api/runs/${id}`, unknown('id')),
    get(`/api/runs/${id}/events`, unknown('id')),
  ]),
  ...['not-an-id', NOWHERE, KNOWN.trashed].flatMap(id => [
    send('unknown id', `${CONVERSATIONS}/${id}`, { title: 'x' }, unknown('id'), 'PATCH'),
    send('unknown id', `${CONVERSATIONS}/${id}/clone`, {}, unknown('id')),
  ]),
  ...['not-an-id', NOWHERE].flatMap(id => [
    send('unknown id', `${CONVERSATIONS}/${id}`, undefined, unknown('id'), 'DELETE'),
    send('unknown id', `/api/runs/${id}/cancel`, undefined, unknown('id')),
    send('no temporary run', `/api/runs/${id}`, undefined, unknown('id'), 'DELETE'),
  ]),
  ...[
    '/api',
    '/api/',
    '/api/nothing',
    '/api/conversations/',
    '/api//conversations',
    '/api/Conversations',
    `${ONE}/messages`,
  ].map(path => get(path, [404, 'not-found'])),
  ...(
    [
      ['PUT', CONVERSATIONS],
      ['DELETE', CONVERSATIONS],
      ['OPTIONS', CONVERSATIONS],
      ['PROPFIND', CONVERSATIONS],
      ['POST', ONE],
      ['PUT', ONE],
      ['GET', CHAT],
      ['GET', CLONE],
      ['PUT', `/api/runs/${KNOWN.run}`],
      ['GET', `/api/runs/${KNOWN.run}/cancel`],
      ['POST', '/api/search'],
      ['POST', '/api/usage/summary'],
      ['DELETE', '/api/usage/models'],
      ['PUT', '/api/sync'],
      ['POST', '/api/sync/boot'],
      ['DELETE', '/api/sync/rows/settings'],
      ['POST', '/api/live'],
      ['DELETE', '/api/devices'],
      ['POST', '/api/providers'],
      ['POST', '/api/push/key'],
      ['GET', '/api/push/subscriptions'],
      ['GET', '/api/user-data'],
      ['POST', '/api/export'],
      ['GET', '/api/import'],
      ['POST', '/health'],
    ] as const
  ).map(([method, path]) => send('wrong method', path, undefined, [405, 'method-not-allowed'], method)),
]

const BAD_QUERIES: readonly HostileCase[] = [
  ...['0', '-1', '1e9', 'NaN', '201', '1.5', '0x10', '', '%31%00', '٣', '99999999999999999999'].map(limit =>
    get(`${CONVERSATIONS}?limit=${limit}`, wrong('limit')),
  ),
  get(`${CONVERSATIONS}?limit=1&limit=2`, wrong('limit')),
  get(`${CONVERSATIONS}?limit[]=1`, wrong('limit[]')),
  get(`${CONVERSATIONS}?offset=1`, wrong('offset')),
  get(`${CONVERSATIONS}?__proto__=1`, wrong('__proto__')),
  get(`${CONVERSATIONS}?constructor=1`, wrong('constructor')),
  ...[
    '-1',
    'x',
    '1~',
    '1~x',
    `~${NOWHERE}`,
    `1~${NOWHERE.toUpperCase()}`,
    '1~------------------------------------',
    '9'.repeat(16),
  ].map(before => get(`${CONVERSATIONS}?before=${before}`, wrong('before'))),
  get('/api/search', wrong('q')),
  get('/api/search?q=', wrong('q')),
  get('/api/search?q=%00', wrong('q')),
  get(`/api/search?q=${'x'.repeat(501)}`, wrong('q')),
  get('/api/search?q=a&q=b', wrong('q')),
  get('/api/search?q=cat+before:yesterday', wrong('q')),
  get('/api/search?q=a&limit=101', wrong('limit')),
  get('/api/search?query=a&q=a', wrong('query')),
  get('/api/export?format=pdf', wrong('format')),
  get('/api/export?conversations=', wrong('conversations.0')),
  get(`/api/export?conversations=${NOWHERE}`, unknown('conversations')),
  get(`/api/export?conversations=${KNOWN.conversation},${NOWHERE}`, unknown('conversations')),
  get('/api/export?usage=yes', wrong('usage')),
  ...['x', '-1', '2026-02-31', '2026-13-01', '2026-1-1', '1e3', '2026-11-23T00:00:00Z', ''].map(from =>
    get(`/api/usage/summary?from=${from}`, wrong('from')),
  ),
  get('/api/usage/summary?to=soon', wrong('to')),
  get('/api/usage/summary?from=2&to=1', wrong('from')),
  get('/api/usage/summary?day=1', wrong('day')),
  ...['x', '1', '1.', '.1', '-1.1', '1.1.1', '1.99999999999999999'].map(after =>
    get(`/api/runs/${KNOWN.run}/events?after=${after}`, wrong('after')),
  ),
]

const BAD_DEVICES: readonly HostileCase[] = [
  'phone',
  KNOWN.conversation.toUpperCase(),
  "' OR 1=1 --",
  'a'.repeat(5000),
].flatMap(device => {
  const headers = { 'x-device-id': device }
  return [
    get(CONVERSATIONS, wrong('x-device-id'), headers),
    { ...create(`X-Device-Id ${device.slice(0, 40)}`, { title: 'x' }, wrong('x-device-id')), headers },
    { ...chat(`X-Device-Id ${device.slice(0, 40)}`, {}, wrong('x-device-id')), headers },
  ]
})

const WRONG_TYPES: readonly HostileCase[] = [
  'text/plain',
  'text/plain;charset=UTF-8',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonp',
  'application/json, text/plain',
  'text/plain; application/json',
  'application/json; charset=utf-16',
  'application/merge-patch+json',
].flatMap(type => {
  const refusal: Refusal = [415, 'unsupported-media-type', 'content-type']
  const headers = { 'content-type': type }
  return [
    { ...send(type, CONVERSATIONS, '{"title":"x"}', refusal), headers },
    { ...send(type, CHAT, `{"message":"x","model":"${MODEL}"}`, refusal), headers },
    { ...send(type, ONE, '{"title":"x"}', refusal, 'PATCH'), headers },
  ]
})

const TOO_LARGE: readonly HostileCase[] = [CONVERSATIONS, CLONE].map(path =>
  send('more than 256 KiB', path, `{"title":"${'x'.repeat(256 * 1024)}"}`, [413, 'too-large']),
)

const DEVICE = '01a20000-0000-7000-8000-0000000000d1'
const PUSH = { v: 1, schema: 1, device: DEVICE, epoch: null, cursor: null, ack_n: 0, muts: [], limit: 500 }
const NOOP = { n: 1, mid: NOWHERE, schema: 1, op: 'noop' }
const push = (name: string, fields: object, refusal: Refusal) =>
  send(name, '/api/sync', { ...PUSH, ...fields }, refusal)
const rows = (name: string, body: unknown, refusal: Refusal) => send(name, '/api/sync/rows/messages', body, refusal)

const BAD_SYNCS: readonly HostileCase[] = [
  send('no body', '/api/sync', '', BAD_JSON),
  send('a list', '/api/sync', '[]', NO_OBJECT),
  send('nothing said', '/api/sync', {}, wrong('v')),
  push('schema as text', { schema: '1' }, wrong('schema')),
  push('a newer schema, with what it may say', { schema: 2, muts: { a: 1 }, more: true }, [409, 'schema-too-new']),
  push('an older schema', { schema: 0 }, [426, 'upgrade-required']),
  push('another protocol', { v: 2 }, wrong('v')),
  push('an unknown field', { user_id: 2 }, wrong('user_id')),
  push('a device that is no id', { device: 'phone' }, wrong('device')),
  push('a cursor without an epoch', { cursor: [1, 'x'] }, wrong('epoch')),
  push('an acknowledgement without an epoch', { ack_n: 1 }, wrong('epoch')),
  push('a cursor of one', { epoch: 'x', cursor: [1] }, wrong('cursor.1')),
  push('a cursor before the beginning', { epoch: 'x', cursor: [-1, ''] }, wrong('cursor.0')),
  push('another epoch', { epoch: NOWHERE, muts: [NOOP] }, [409, 'fork']),
  push('no rows at all', { limit: 0 }, wrong('limit')),
  push('too many rows', { limit: 2001 }, wrong('limit')),
  push('a mutation without a number', { muts: [{ op: 'noop', mid: NOWHERE, schema: 1 }] }, wrong('muts.0')),
  push('a mutation whose id is none', { muts: [{ ...NOOP, mid: 'x' }] }, wrong('muts.0')),
  push('mutations that are no list', { muts: {} }, wrong('muts')),
  push(
    '201 mutations',
    { muts: Array.from({ length: 201 }, (_, index) => ({ ...NOOP, n: index + 1 })) },
    wrong('muts'),
  ),
  push('a first mutation that is the second', { muts: [{ ...NOOP, n: 2 }] }, [409, 'gap']),
  push('a hole between two mutations', { muts: [NOOP, { ...NOOP, n: 3 }] }, [409, 'gap']),
  push('a mutation numbered 0', { muts: [{ ...NOOP, n: 0 }] }, [409, 'device-cloned']),
  { ...push('X-Device-Id', {}, wrong('x-device-id')), headers: { 'x-device-id': 'phone' } },
  ...['/api/sync', CHAT].map(path =>
    send('more than 8 MiB', path, `{"x":"${'x'.repeat(8 * 1024 * 1024)}"}`, [413, 'too-large']),
  ),
  ...['messages', 'runs', 'history', '__proto__', 'constructor', '%00'].map(kind =>
    get(`/api/sync/rows/${kind}`, unknown('kind')),
  ),
  get('/api/sync/rows/conversations?before=1', wrong('before')),
  get(`/api/sync/rows/settings?before=1~${NOWHERE}`, wrong('before')),
  get('/api/sync/rows/settings?limit=1001', wrong('limit')),
  get('/api/sync/boot', wrong('x-device-id'), { 'x-device-id': 'phone' }),
  get('/api/devices', wrong('x-device-id'), { 'x-device-id': 'phone' }),
  get('/api/live', wrong('x-device-id'), { 'x-device-id': 'phone' }),
  rows('no conversations', { conversations: [] }, wrong('conversations')),
  rows('a conversation that is no id', { conversations: ['x'] }, wrong('conversations.0')),
  rows('201 conversations', { conversations: Array(201).fill(NOWHERE) }, wrong('conversations')),
  rows(
    'a place in another conversation',
    { conversations: [NOWHERE], after: [KNOWN.conversation, NOWHERE] },
    wrong('after'),
  ),
  send('a list of nothing', '/api/import', [], [400, 'bad-request']),
  send('no list', '/api/import', 'x', [400, 'bad-json']),
  send('half a file', '/api/import', '{"format":"llm-router","version":1,"conversations":[', [400, 'bad-json']),
  send('a file of tomorrow', '/api/import', { format: 'llm-router', version: 9, conversations: [1] }, wrong('version')),
  send(
    'a wrong chat',
    '/api/import',
    { format: 'llm-router', version: 1, conversations: [1] },
    wrong('conversations.0'),
  ),
  send('a trial that is none', '/api/import?dry_run=2', {}, wrong('dry_run')),
  send('no confirmation', '/api/user-data', {}, wrong('confirm'), 'DELETE'),
  send('another confirmation', '/api/user-data', { confirm: 'yes' }, wrong('confirm'), 'DELETE'),
]

const SUBSCRIPTIONS = '/api/push/subscriptions'
const SEAL = { p256dh: `B${'A'.repeat(86)}`, auth: 'A'.repeat(22) }

const BAD_PUSHES: readonly HostileCase[] = [
  send('no keys', SUBSCRIPTIONS, { endpoint: 'https://fcm.googleapis.com/x' }, wrong('keys')),
  send(
    'a key that is none',
    SUBSCRIPTIONS,
    { endpoint: 'https://fcm.googleapis.com/x', keys: { ...SEAL, auth: '' } },
    wrong('keys.auth'),
  ),
  ...[
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com.evil.example/x',
    'https://fcm.googleapis.com@evil.example/x',
    'https://127.0.0.1:8000/api/user-data',
    'https://[::1]/x',
    'file:///etc/passwd',
    'x',
  ].map(endpoint => send(`push to ${endpoint}`, SUBSCRIPTIONS, { endpoint, keys: SEAL }, wrong('endpoint'))),
  send('no endpoint', SUBSCRIPTIONS, {}, wrong('endpoint'), 'DELETE'),
]

/** Requests that must change nothing, over every route, each with the one right answer. */
export const HOSTILE_CASES: readonly HostileCase[] = [
  ...BAD_PUSHES,
  ...BAD_BODIES,
  ...BAD_CONVERSATIONS,
  ...BAD_CHATS,
  ...BAD_PATHS,
  ...BAD_QUERIES,
  ...BAD_DEVICES,
  ...BAD_SYNCS,
  ...WRONG_TYPES,
  ...TOO_LARGE,
]
