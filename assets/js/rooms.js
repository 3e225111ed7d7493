// Finding a room: the box above the list filters what is there at once, and asks the server for what is not;
// Ctrl K opens a box of its own, on every page. In both, the HTML of the rooms comes from the server. And
// drafts: the list says which rooms have one in this tab.

import { use } from './use.js'

const { store } = parley
const pause = 120 // ms between the last key and the question to the server

const input = document.querySelector('.filter input')
let known = new Set() // the rooms that the server has found
let timer = 0

export function start() {
  if (!document.body.dataset.jump) return
  markDrafts()
  document.addEventListener('htmx:after:swap', () => {
    markDrafts()
    filter()
  })
  document.addEventListener('keydown', (event) => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    use('jump', ask)
  })
  if (!input) return
  const find = () => {
    forget()
    filter()
    ask(input, showOthers)
  }
  if (input.value) find() // was typed before this script came
  input.addEventListener('input', find)
  input.form.addEventListener('submit', (event) => {
    const first = document.querySelector('.list .rooms li:not([hidden]) > a')
    if (!input.value.trim() || !first) return
    event.preventDefault()
    location.assign(first.href)
  })
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !input.value) return
    input.value = ''
    input.dispatchEvent(new Event('input'))
  })
}

function markDrafts() {
  for (const line of document.querySelectorAll('#rooms li > a:not([aria-current=page])')) {
    const draft = store.get('draft:' + line.pathname.slice(7))
    const last = line.querySelector('.last')
    if (!draft || last.querySelector('.draft')) continue
    last.innerHTML = '<span class=draft></span> <bdi></bdi>'
    last.firstChild.textContent = document.querySelector('#rooms').dataset.draft
    last.lastChild.textContent = JSON.parse(draft).text
  }
}

// ask passes what the server finds to show, as soon as nobody is typing any more.
function ask(field, show) {
  clearTimeout(timer)
  const query = field.value
  timer = setTimeout(async () => {
    try {
      const response = await fetch('/rooms?q=' + encodeURIComponent(query), { headers: { 'HX-Request': 'true' } })
      if (response.ok && field.value === query) show(await response.text())
    } catch {
      // What is on the page has been found.
    }
  }, query ? pause : 0)
}

const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase()

function filter() {
  if (!input) return
  const words = fold(input.value).split(/\s+/)
  const here = new Set()
  for (const item of document.querySelectorAll('#rooms li')) {
    const { pathname } = item.querySelector('a')
    here.add(pathname)
    const name = fold(item.querySelector('.title').textContent)
    item.hidden = !known.has(pathname) && !words.every((word) => name.includes(word))
  }
  for (const item of document.querySelectorAll('#others li')) if (here.has(item.firstElementChild.pathname)) item.remove()
  document.querySelector('.list').classList.toggle('filtered', words[0])
}

// showOthers adds those that are not on the page.
function showOthers(html) {
  forget()
  if (!input.value.trim()) return
  const others = document.createElement('div')
  others.id = 'others'
  others.className = 'rooms'
  others.innerHTML = html
  known = new Set(Array.from(others.querySelectorAll('a'), (link) => link.pathname))
  document.querySelector('#rooms').after(others)
  filter()
  if (document.querySelector('#rooms li:not([hidden])') && !others.querySelector('li')) others.textContent = ''
}

function forget() {
  document.querySelector('#others')?.remove()
  known = new Set()
}
