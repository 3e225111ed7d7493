// Builds what browsers load: the scripts (what a room needs, what is used later, what is used rarely, and two for
// single pages), the style sheets (all pages, pages without scripts, administration), the names of emoji, the icons,
// and the manifest for phones' home screens. Each file has a hash of its content in its name, so it can be cached
// forever, and compressed copies beside it, so that no request waits for compression.
// Run it with `node assets/build.mjs`.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { tooNewScript, tooNewStyle } from './oldest.mjs'
import { picture } from './picture.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const dist = join(here, 'dist')

// The most that browsers may have to download, in bytes of brotli.
const budgets = { 'parley.js': 20 * 1024, 'later.js': 8 * 1024, 'rare.js': 4 * 1024, 'share.js': 1024, 'parley.css': 8.74 * 1024, 'frames.css': 0.26 * 1024, 'admin.css': 1024, 'more.css': 1024, 'passkey.js': 1024 }
const emojiBudget = 60 * 1024
const languages = ['en', 'de', 'es']
const newestEmoji = 14 // of 2021, like the oldest browsers: a system that lacks one shows a box

class Refusal extends Error {}

// htmx and its extensions must be one file. As separate deferred scripts they race, and sometimes there is
// no stream, no socket and no error.
async function script() {
  const { resolve } = createRequire(import.meta.url)
  const { version } = JSON.parse(readFileSync(resolve('htmx.org/package.json'), 'utf8'))
  const vendor = dirname(resolve('htmx.org/dist/htmx.js'))
  const parts = [`/*! Parley (MIT), with htmx ${version} (0BSD) */`]
  // As minified by its authors. Not compiled to an older target: private members would become WeakMaps.
  for (const name of ['htmx.min.js', 'ext/hx-sse.min.js', 'ext/hx-ws.min.js']) {
    parts.push(readFileSync(join(vendor, name), 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '').trim())
  }
  parts.push(await bundle('parley.js'))
  const whole = parts.join('\n') + '\n'
  refuse('parley.js', await tooNewScript('parley.js', whole))
  return Buffer.from(whole)
}

// What is used later: menus, the queue, and the like, which parley.js loads when the page is idle (later.js),
// what few pages need, which is loaded at first use (rare.js), and what few pages load by themselves (share.js, passkey.js).
async function laterScript(name) {
  const text = await bundle(name) + '\n'
  refuse(name, await tooNewScript(name, text))
  return Buffer.from(text)
}

async function bundle(name) {
  const { outputFiles } = await build({
    entryPoints: [join(here, 'js', name)],
    bundle: true, format: 'iife', minify: true, target: 'firefox91', write: false, logLevel: 'silent',
  })
  return outputFiles[0].text.trim()
}

async function style(name) {
  const entry = join(here, 'css', name)
  if (!existsSync(entry)) throw new Refusal(`there is no assets/css/${name}`)
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true, minify: true, write: false, logLevel: 'silent',
    external: ['/assets/*', 'data:*'],
  })
  refuse(name, tooNewStyle(outputFiles[0].text))
  return outputFiles[0].contents
}

function refuse(name, reason) {
  if (reason) throw new Refusal(`${name}: ${reason}`)
}

function icons() {
  const svg = readFileSync(join(here, 'icons/icon.svg'), 'utf8')
  // With a dot on it, for a tab with something unread.
  const dotted = svg.replace('</svg>', '<path fill="#e5484d" d="M31 8a7 7 0 0 1-14 0 7 7 0 0 1 14 0z"/></svg>')
  return [
    ['icon.svg', Buffer.from(svg)],
    ['icon-32.png', picture(svg, 32)],
    ['icon-dot.svg', Buffer.from(dotted)],
    ['icon-dot-32.png', picture(dotted, 32)],
    ['icon-192.png', picture(svg, 192)],
    ['icon-512.png', picture(svg, 512)],
    ['icon-maskable.png', picture(svg, 512, { maskable: true })],
  ]
}

// The manifest for phones' home screens. It contains the addresses of the icons.
function webManifest(pictures) {
  const address = (name) => `/assets/${fingerprinted(name, pictures.get(name))}`
  const icon = (name, sizes, purpose = 'any') => ({ src: address(name), sizes, type: 'image/png', purpose })
  return Buffer.from(JSON.stringify({
    id: '/', name: 'Parley', short_name: 'Parley', lang: 'en', start_url: '/rooms', scope: '/', display: 'standalone',
    background_color: '#faf9f6', theme_color: '#0c6a60',
    icons: [
      icon('icon-192.png', '192x192'), icon('icon-512.png', '512x512'), icon('icon-maskable.png', '512x512', 'maskable'),
    ],
  }, null, 2) + '\n')
}

// Names, keywords and shortcodes of all emoji in one language, as [emoji, name, keywords, shortcodes]. The
// shortcodes are those of GitHub, which are the same in every language; one that is the name itself is left out.
// So are skin tones, and what only exists as a part of others.
function emoji(language) {
  const { resolve } = createRequire(import.meta.url)
  const all = JSON.parse(readFileSync(resolve(`emojibase-data/${language}/data.json`), 'utf8'))
  const codes = JSON.parse(readFileSync(resolve('emojibase-data/en/shortcodes/github.json'), 'utf8'))
  const components = 2
  const list = all.filter(({ group, version }) => group !== undefined && group !== components && version <= newestEmoji)
    .sort((a, b) => a.order - b.order)
    .map(({ emoji, label, tags = [], hexcode }) => [
      emoji, label,
      tags.filter((tag) => !label.split(' ').includes(tag)).join(' '),
      [codes[hexcode]].flat().filter((code) => code && code !== label.replace(/ /g, '_')).join(' '),
    ])
  return Buffer.from(JSON.stringify(list))
}

const brotli = (bytes) => brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
})
const gzip = (bytes) => gzipSync(bytes, { level: 9 })

function fingerprinted(name, bytes) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const ext = extname(name)
  return `${basename(name, ext)}-${hash}${ext}`
}

async function main() {
  const pictures = icons()
  const files = [
    ['parley.js', await script()], ['later.js', await laterScript('later.js')], ['rare.js', await laterScript('rare.js')], ['share.js', await laterScript('share.js')], ['parley.css', await style('parley.css')], ['frames.css', await style('frames.css')], ['admin.css', await style('admin.css')], ['more.css', await style('more.css')],
    ['passkey.js', await laterScript('passkey.js')],
    ...languages.map((language) => [`emoji-${language}.json`, emoji(language)]),
    ...pictures, ['parley.webmanifest', webManifest(new Map(pictures))],
  ]
  const outputs = new Map()
  const manifest = {}
  for (const [name, bytes] of files) {
    const file = fingerprinted(name, bytes)
    const packed = { br: brotli(bytes), gz: gzip(bytes) }
    const budget = name.startsWith('emoji-') ? emojiBudget : budgets[name]
    if (packed.br.length > budget) {
      throw new Refusal(`${name} is ${packed.br.length} bytes of brotli; its budget is ${budget}`)
    }
    manifest[name] = file
    outputs.set(file, bytes)
    for (const [ext, copy] of Object.entries(packed)) {
      // Some pictures grow by compression.
      if (copy.length < bytes.length) outputs.set(`${file}.${ext}`, copy)
    }
    console.log(`${file}  ${bytes.length} bytes, gzip ${packed.gz.length}, brotli ${packed.br.length}`)
  }

  // The manifest is written after the files, and old files are removed after it, so that dist is complete
  // at every moment.
  mkdirSync(dist, { recursive: true })
  outputs.set('manifest.json', Buffer.from(JSON.stringify(manifest, null, 2) + '\n'))
  for (const [name, bytes] of outputs) writeFileSync(join(dist, name), bytes)
  for (const name of readdirSync(dist)) {
    if (name !== '.keep' && !outputs.has(name)) rmSync(join(dist, name), { recursive: true })
  }
}

main().catch((error) => {
  // esbuild's messages name the file and the line; a stack trace would only hide them.
  console.error(`The assets were not built: ${error instanceof Refusal || error.errors ? error.message : error.stack}`)
  process.exitCode = 1
})
