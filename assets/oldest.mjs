// The oldest supported browser is Firefox 91, the extended support release of August 2021, which
// long-lived systems and the Tor Browser of that time are based on. The build refuses what it cannot run.
// Browsers skip styles that they do not know, but stop at scripts, so scripts are checked more strictly.
//
// The versions are from MDN's browser compatibility data (npm @mdn/browser-compat-data 8.1.9).

import { transform } from 'esbuild'

const oldest = 'firefox91'

// Names in scripts that are newer, with the version of Firefox that introduced them. One that is used must
// be in `guarded`, with what happens without it.
const later = {
  structuredClone: 94, hasOwn: 92, findLast: 104, findLastIndex: 104, groupBy: 119, fromAsync: 115, withResolvers: 121,
  toSorted: 115, toReversed: 115, toSpliced: 115, isWellFormed: 119, toWellFormed: 119, Iterator: 131, Segmenter: 125,
  canParse: 115, randomUUID: 95, scheduler: 142, URLPattern: 142, Temporal: 139,
  TextDecoderStream: 105, TextEncoderStream: 105, CompressionStream: 113, DecompressionStream: 113, OffscreenCanvas: 105,
  adoptedStyleSheets: 101, replaceSync: 101, attachInternals: 93, checkVisibility: 106, inert: 112, fetchPriority: 132,
  showModal: 98, showPopover: 125, togglePopover: 125, hidePopover: 125, requestClose: 139, startViewTransition: 144,
  moveBefore: 144, parseHTMLUnsafe: 128, setHTMLUnsafe: 123, getHTML: 128, setHTML: 148, navigation: 147, scrollend: 109,
  trustedTypes: 148, locks: 96, highlights: 140,
}

// Of each script.
const guarded = {
  'parley.js': {
    adoptedStyleSheets: 'htmx, for a style that Parley switches off (includeIndicatorCSS)',
    replaceSync: 'the same',
    moveBefore: 'htmx checks for it, and falls back to insertBefore',
    navigation: 'htmx checks for it; for history, which Parley leaves to the browser',
    parseHTMLUnsafe: 'htmx checks for it, and falls back to DOMParser',
    startViewTransition: 'htmx checks for it; Parley has no transitions',
  },
  'later.js': { navigation: 'a type of performance entry, which every browser knows' },
  'rare.js': {},
  'share.js': {},
  'passkey.js': {},
}

// Newer features of styles. One that pages do not depend on may be used, and says what is different
// without it.
const laterStyle = {
  ':has(': [121, 'streamed pages do not show who is here, nor the hint in an empty room (text.css)'],
  'accent-color': [92, 'controls have the colour of the browser'],
  'color-scheme': [96, 'scroll bars stay light'],
  'fit-content': [94, 'notices are as wide as the page'],
  'field-sizing': [152, 'the textarea does not grow with its text'],
  'text-wrap': [121, 'headings are not balanced'],
  dvh: [101, 'vh, which must stand before it'],
  '@layer': [97], '@container': [110], '@scope': [146], '@starting-style': [129], '@property': [128], '&': [117],
  'color-mix(': [113], 'light-dark(': [120], 'oklch(': [113], 'oklab(': [113], svh: [101], lvh: [101],
  'scrollbar-gutter': [97], 'backdrop-filter': [103], 'content-visibility': [125], 'round(': [118], 'anchor(': [147],
  'font-palette': [107], 'linear(': [112], ':popover-open': [125], ':modal': [103], ':open': [136],
}

// Returns what is wrong with a built script, or undefined.
export async function tooNewScript(name, code) {
  const known = guarded[name]
  const as = async (target) => (await transform(code, { target, minify: true, legalComments: 'none' })).code
  if (await as('esnext') !== await as(oldest)) return `it has syntax that ${oldest} does not know`
  const words = new Set(code.match(/[A-Za-z]\w*/g))
  const found = Object.keys(later).filter((word) => words.has(word) && !known[word])
  if (found.length > 0) return `${found.join(', ')}: not in ${oldest}. Check for it before use, and say so in assets/oldest.mjs`
  const gone = Object.keys(known).filter((word) => !words.has(word))
  if (gone.length > 0) return `${gone.join(', ')}: no longer used. Remove it from assets/oldest.mjs`
}

// Returns what is wrong with a built stylesheet, or undefined.
export function tooNewStyle(css) {
  const found = Object.entries(laterStyle).filter(([feature, [, without]]) => !without && css.includes(feature))
  if (found.length > 0) return `${found.map(([feature]) => feature).join(', ')}: not in ${oldest}, and pages would depend on it`
  for (const [, selectors] of css.matchAll(/([^{}]*)\{/g)) {
    if (selectors.includes(':has(') && !selectors.startsWith('@') && topLevel(selectors).length > 1) {
      return `"${selectors}": ${oldest} would drop the whole rule because of :has`
    }
  }
  for (const { 0: declaration, 1: property, index } of css.matchAll(/([\w-]+):[^;{}]*\ddvh[^;{}]*/g)) {
    const before = new RegExp(`${property}:[^;{}]*\\dvh[^;{}]*;$`)
    if (!before.test(css.slice(0, index))) return `"${declaration}" has no vh before it`
  }
}

// Splits a selector list at its commas, except those in parentheses.
function topLevel(selectors) {
  let depth = 0
  return [...selectors].reduce((list, char) => {
    if (char === '(') depth++
    if (char === ')') depth--
    if (char === ',' && depth === 0) list.push('')
    else list[list.length - 1] += char
    return list
  }, [''])
}
