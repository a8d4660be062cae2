import { sha256 } from '../sha256.ts'

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const STYLE = `
:root{color-scheme:light dark}
body{margin:0 auto;padding:1rem;max-inline-size:84ch;font:16px/1.5 ui-monospace,Menlo,Consolas,monospace;color:light-dark(#2b2a24,#b9f2c4);background:light-dark(#f5f2e8,#07100b)}
header{position:sticky;inset-block-start:0;display:flex;gap:2ch;align-items:center;padding-block:.5rem;background:inherit;border-block-end:1px solid}
input{flex:1;font:inherit;color:inherit;background:transparent;border:1px solid;padding:.5rem 1ch;min-block-size:44px;box-sizing:border-box}
summary{padding-block:.75rem;font-weight:700;cursor:pointer;border-block-end:1px dotted}
h2{font-size:1rem;margin-block:1.5rem .5rem}
.text,pre{white-space:pre-wrap;overflow-wrap:anywhere;margin-block:.5rem}
pre{border:1px solid;padding:.5rem 1ch}
.ask{border-inline-start:3px solid;padding-inline-start:1ch}
.dim{opacity:.75}
[hidden]{display:none}
`

/** Reads what stands in the box, hides the chats and messages without it, and opens those with it. Writes no text but a count. */
const SCRIPT = `
const box=document.querySelector('input'),count=document.querySelector('output');
box.parentElement.hidden=false;
let isWaiting=false;
const find=()=>{isWaiting=false;const words=box.value.toLowerCase().split(/\\s+/).filter(Boolean);let hits=0;
const has=node=>{const text=node.textContent.toLowerCase();return words.every(word=>text.includes(word))};
for(const chat of document.querySelectorAll('details.chat')){const inName=has(chat.firstElementChild);let found=0;
for(const part of chat.querySelectorAll('section')){const shown=!words.length||inName||has(part);part.hidden=!shown;if(shown)found++}
chat.hidden=words.length>0&&!inName&&found===0;if(words.length)chat.open=!chat.hidden;if(!chat.hidden)hits++}
count.textContent=hits+(hits===1?' chat':' chats')};
box.addEventListener('input',()=>{if(!isWaiting)requestAnimationFrame(find);isWaiting=true});
find();
`

/** A page that asks nobody for anything: its policy admits this style and this one script, whatever else stands in it. */
export const PAGE_HEAD = `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">
<title>LLM Router: chats</title><style>${STYLE}</style></head><body>
<h1>Chats</h1>
<header hidden><input type="search" aria-label="Find" placeholder="find" autocomplete="off"><output class="dim"></output></header>
<main>
`

export const PAGE_END = `</main>
<script>${SCRIPT}</script>
</body></html>
`

function hashOf(text: string): string {
  return `sha256-${base64(sha256(Uint8Array.from(text, letter => letter.charCodeAt(0))))}`
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.subarray(index, index + 3)
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0)
    for (let digit = 0; digit < 4; digit++) {
      const isPadding = (digit > 1 && second === undefined) || (digit > 2 && third === undefined)
      text += isPadding ? '=' : DIGITS.charAt((bits >> (18 - digit * 6)) & 63)
    }
  }
  return text
}
