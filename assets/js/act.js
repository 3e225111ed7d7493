// What can be done about a message, where it is: its dots open a menu that the server renders, a reply and an
// edit open in the place of the composer. All of it works as plain links and forms, too.
//
// The form for an edit is one of its own, so that the composer keeps what was being written there.

import { use } from './use.js'

const { connection, parse, problemOf, store } = parley

const margin = 8 // px that a menu keeps from the edges of the window
const doneTime = 900 // ms that a menu says what it has done before it closes

const list = document.querySelector('.scroller #messages')
const composer = document.querySelector('#composer')
const suggestions = document.querySelector('#suggestions') // in the form that is written in
const touchOnly = matchMedia('(hover: none) and (pointer: coarse)')

let menu = null
let dots = null // those that have opened the menu, or are about to
let seen = '' // the reactions that the menu shows
let editor = null

export function start() {
  if (!list || !composer) return
  document.addEventListener('click', onClick)
  document.addEventListener('htmx:finally:request', onAnswer)
  document.addEventListener('htmx:after:swap', onSwap)
  addEventListener('scroll', place, { capture: true, passive: true })
  addEventListener('resize', place)
  composer.elements.body.addEventListener('keydown', onArrow)
  const kept = JSON.parse(store.get(draftName()))
  if (kept) edit(kept.path, kept.text)
}

export const isPlain = ({ ctrlKey, metaKey, shiftKey, altKey }) => !(ctrlKey || metaKey || shiftKey || altKey)
const draftName = () => 'edit:' + list.dataset.room

// fetchMenu returns what the server has to say about a message, and why it cannot be had, or ''.
async function fetchMenu(path) {
  const response = await fetch(path, { headers: { 'HX-Request': 'true' } }).catch(() => new Response('', { status: 504 }))
  const text = await response.text()
  if (response.status === 401) connection.end('signed-out')
  return [text, problemOf({ response, text })]
}

// onSwap keeps up with what the stream brings: the list has moved, and somebody may have reacted.
async function onSwap() {
  place()
  const given = reactions()
  if (!menu || given === seen) return
  seen = given
  const [html, problem] = await fetchMenu(dots.href)
  if (!menu || problem) return
  const [was, is] = [menu, parse(html)].map((from) => from.querySelector('.given'))
  if (was) was.replaceWith(is || '')
  else if (is) menu.querySelector('.acts').before(is)
  place()
}

// reactions returns what the message shows of them, so that changes are noticed.
const reactions = () => dots && document.querySelector(`#m-${seq()} .reactions`)?.innerHTML

const seq = () => dots.id.slice(3)

function onClick(event) {
  const { target } = event
  if (event.defaultPrevented || !isPlain(event)) return
  const link = target.closest('#messages .do, [data-act], .cancel, .another summary')
  if (!link) return
  event.preventDefault()
  const { act } = link.dataset
  if (act === 'copy') copy(link)
  else if (act) return choose(act)
  else if (link.closest('#editor')) endEdit()
  else if (link.closest('#reply')) setReply([], location.pathname)
  else if (link.closest('#menu')) use('react', link)
  else open(link)
}

async function open(link) {
  if (closeActions() === link) return
  dots = link
  dots.setAttribute('aria-expanded', 'true')
  const [html, problem] = await fetchMenu(dots.href)
  if (dots !== link) return
  connection.setProblem(problem)
  if (problem) return closeActions()
  menu = document.createElement('div')
  menu.id = 'menu'
  menu.tabIndex = -1 // a click beside its buttons leaves the focus in it
  menu.setAttribute('role', 'dialog')
  menu.setAttribute('aria-label', dots.getAttribute('aria-label'))
  menu.addEventListener('keydown', onMenuKey)
  menu.addEventListener('toggle', place, true)
  document.body.append(menu)
  seen = reactions()
  show(html)
}

function show(html) {
  menu.innerHTML = html
  htmx.process(menu)
  place()
  ;(menu.querySelector('[aria-invalid]') || stops()[0]).focus()
}

// closeActions closes the menu, unless it contains an element, and returns the dots that had opened it. The
// focus returns to them if it was in the menu.
export function closeActions(inside) {
  if (!dots || inside && (dots.contains(inside) || menu && (menu.contains(inside) || !inside.isConnected))) return null
  const was = dots
  const held = menu?.contains(document.activeElement)
  was.removeAttribute('aria-expanded')
  menu?.remove()
  menu = dots = null
  if (held) focusOn(was)
  return was
}

// focusOn gives the dots the focus, or the time of a message that has been deleted.
function focusOn(link) {
  const item = document.getElementById('m-' + link.id.slice(3))
  item?.querySelector('.do, .at')?.focus({ preventScroll: true })
}

// place keeps the menu at its message and inside the window. It goes with a message that is deleted: it has the text.
function place() {
  if (!menu) return
  const link = document.getElementById(dots.id)
  if (!link) return closeActions()
  const { left, right, top, bottom } = link.getBoundingClientRect()
  const [width, height] = [menu.offsetWidth, menu.offsetHeight]
  const within = (at, most) => Math.max(margin, Math.min(at, most - margin)) + 'px'
  menu.style.left = within(left + right > innerWidth ? right - width : left, innerWidth - width)
  menu.style.top = within(bottom + height + margin > innerHeight ? top - height : bottom, innerHeight - height)
}

const stops = () => [...menu.querySelectorAll('button, a, summary, input:not([type=hidden])')].filter((one) => one.offsetWidth)

function onMenuKey(event) {
  const all = stops()
  const at = all.indexOf(document.activeElement)
  const typing = event.target.matches('input')
  const step = { ArrowDown: 1, ArrowUp: -1, ...(!typing && { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: -at - 1 }) }[event.key]
  if (step !== undefined) {
    event.preventDefault()
    all[(at + step + all.length) % all.length].focus()
  } else if (event.key === 'Tab' && !all[at + (event.shiftKey ? -1 : 1)]) {
    closeActions() // the browser goes on from the dots
  }
}

// onAnswer ends what has succeeded. What the server refuses, or does not answer, is said where it happened, and
// what was typed stays.
function onAnswer({ target, detail: { ctx } }) {
  const form = target.closest?.('#menu form, #editor')
  if (!form) return
  const problem = problemOf(ctx)
  if (!problem) return form === editor ? endEdit() : closeActions()
  const holder = form === editor ? editor : menu
  const answer = parse(ctx.text)
  if (answer.querySelector('#editor')) showEditor(answer)
  else if (answer.querySelector('.acts')) show(ctx.text)
  else {
    holder.querySelector('[role=alert]')?.remove()
    const alert = document.createElement('p')
    alert.setAttribute('role', 'alert')
    alert.textContent = problem
    holder.prepend(alert)
  }
  place()
}

function choose(act) {
  const { content } = menu.querySelector(`template[data-for=${act}]`)
  const [path, reply] = [dots.pathname, seq()]
  closeActions()
  if (act === 'edit') return showEditor(content, path)
  endEdit()
  setReply(content.childNodes, `${location.pathname}?reply=${reply}`)
}

// setReply says above the composer what it replies to, also after a reload.
function setReply(line, address) {
  document.querySelector('#reply').replaceChildren(...line)
  if (!/before|after|around/.test(location.search)) history.replaceState(null, '', address)
  composer.elements.body.focus()
}

// edit asks for a message, to edit it.
async function edit(path, text) {
  const [html] = await fetchMenu(path)
  if (editor) return
  const template = parse(html).querySelector('template[data-for=edit]')
  if (!template) return
  showEditor(template.content, path)
  if (text !== undefined) editor.elements.body.value = text
}

// showEditor shows the form for an edit, or what the server has answered to it: then what was typed stays.
function showEditor(from, path) {
  const text = !path && editor.elements.body.value
  if (editor) closeEditor()
  editor = from.querySelector('#editor')
  composer.hidden = true
  composer.before(editor)
  editor.append(suggestions)
  htmx.process(editor)
  const { body } = editor.elements
  if (text !== false) body.value = text
  body.focus()
  body.setSelectionRange(body.value.length, body.value.length)
  const draftPath = editor.getAttribute('action').replace('/edit', '')
  body.addEventListener('input', () => store.put(draftName(), JSON.stringify({ path: draftPath, text: body.value })))
  body.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.altKey || event.isComposing || event.keyCode === 229) return
    if (touchOnly.matches && isPlain(event)) return
    event.preventDefault()
    editor.requestSubmit()
  })
}

function closeEditor() {
  composer.append(suggestions)
  editor.remove()
}

function endEdit() {
  if (!editor) return
  store.remove(draftName())
  closeEditor()
  editor = null
  composer.hidden = false
  composer.elements.body.focus()
}

// onArrow edits my newest message that can be edited, unless there is something in the composer, which the edit
// would hide: text, photos or a reply.
function onArrow(event) {
  if (event.key !== 'ArrowUp' || event.target.value || event.isComposing || !isPlain(event)) return
  if (composer.querySelector('#chosen *, #kept, #reply *')) return
  const mine = [...list.querySelectorAll(`[data-author="${document.body.dataset.username}"] .do`)].pop()
  if (!mine) return
  event.preventDefault()
  edit(mine.pathname)
}

async function copy(link) {
  try {
    await navigator.clipboard.writeText(link.href)
  } catch {
    return location.assign(link.href) // then the address is in the address bar
  }
  link.setAttribute('role', 'status')
  link.textContent = link.dataset.done
  setTimeout(() => link.isConnected && closeActions(), doneTime)
}
