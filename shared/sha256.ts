const BLOCK_BYTES = 64
const WORDS_PER_BLOCK = 64

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
const ROUND_WORDS = Uint32Array.from(firstPrimes(WORDS_PER_BLOCK), prime => fraction(Math.cbrt(prime)))
/** The same of the square roots of the first 8 primes (5.3.3). */
const FIRST_STATE = Uint32Array.from(firstPrimes(8), prime => fraction(Math.sqrt(prime)))

/** The SHA-256 of bytes, 32 bytes. At once and everywhere: the browser's own is a promise, and missing on plain HTTP. */
export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = pad(bytes)
  const view = new DataView(padded.buffer)
  const state = Uint32Array.from(FIRST_STATE)
  const schedule = new Uint32Array(WORDS_PER_BLOCK)
  for (let offset = 0; offset < padded.length; offset += BLOCK_BYTES) {
    for (let index = 0; index < 16; index++) schedule[index] = view.getUint32(offset + index * 4)
    extend(schedule)
    compress(state, schedule)
  }
  const digest = new DataView(new ArrayBuffer(32))
  state.forEach((word, index) => {
    digest.setUint32(index * 4, word)
  })
  return new Uint8Array(digest.buffer)
}

function pad(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / BLOCK_BYTES) * BLOCK_BYTES)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 2 ** 29))
  view.setUint32(padded.length - 4, (bytes.length << 3) >>> 0)
  return padded
}

function extend(schedule: Uint32Array): void {
  for (let index = 16; index < WORDS_PER_BLOCK; index++) {
    const [late, early] = [at(schedule, index - 2), at(schedule, index - 15)]
    const lateMix = turn(late, 17) ^ turn(late, 19) ^ (late >>> 10)
    const earlyMix = turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)
    schedule[index] = at(schedule, index - 16) + earlyMix + at(schedule, index - 7) + lateMix
  }
}

function compress(state: Uint32Array, schedule: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state
  for (let index = 0; index < WORDS_PER_BLOCK; index++) {
    const choice = (e & f) ^ (~e & g)
    const mixed = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
    const first = (h + mixed + choice + at(ROUND_WORDS, index) + at(schedule, index)) | 0
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  add(state, [a, b, c, d, e, f, g, h])
}

function add(state: Uint32Array, words: readonly number[]): void {
  for (let index = 0; index < words.length; index++) state[index] = at(state, index) + (words[index] ?? 0)
}

function at(words: Uint32Array, index: number): number {
  return words[index] ?? 0
}

function turn(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits))
}

function fraction(root: number): number {
  return ((root - Math.floor(root)) * 2 ** 32) >>> 0
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = []
  for (let number = 2; primes.length < count; number++) {
    if (primes.every(prime => number % prime !== 0)) primes.push(number)
  }
  return primes
}
