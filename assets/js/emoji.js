// Emoji by name. The names are fetched when they are first needed.

const pick = document.querySelector('#pick')
const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/_/g, ' ').toLowerCase().trim()

let all // a promise of [emoji, name, the name's words, keywords, shortcodes] each
let panel
let filling // shows the rest

// An emoji that is typed is offered as it is: keyboards have more of them, in each tone of the skin.
const typed = /^[#*\d]?[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}\u200d\ufe0e\ufe0f\u20e3\u{e0020}-\u{e007f}]+$/u

const firstShown = 140 // emoji; more than are in view

async function fetchAll() {
  const response = await fetch(pick.dataset.emoji)
  return (await response.json()).map(([character, name, keywords, codes]) => (
    [character, name, folded(name), ' ' + folded(keywords), codes.split(' ').map(folded)]))
}

function load() {
  all = all || fetchAll()
  all.catch(() => { all = null }) // the next use tries again
  return all
}

// rank returns how well an emoji matches: by a shortcode, by its name, by the beginning of one of them (a short one
// is the better match), by a word of them, or by a keyword. 4 is for no match.
function rank([, , name, keywords, codes], text) {
  if (codes.includes(text)) return 0
  if (name === text) return 1
  const all = [name, ...codes]
  const begun = all.filter((one) => one.startsWith(text)).map(({ length }) => length)
  if (begun.length) return 1 + Math.min(...begun) / 100
  return all.some((one) => one.includes(' ' + text)) ? 2 : keywords.includes(' ' + text) ? 3 : 4
}

// search finds emoji by the beginning of a word, the best matches first.
export async function search(words, limit) {
  const text = folded(words)
  if (typed.test(text)) return [[text, text]]
  const list = await load().catch(() => [])
  if (!text) return list.slice(0, limit)
  return list.map((entry, i) => [rank(entry, text), i, entry]).filter(([n]) => n < 4)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]).slice(0, limit).map(([, , entry]) => entry)
}

// named returns the emoji with exactly this shortcode or name, or undefined.
export async function named(word) {
  const [best] = await search(word, 1)
  return best && rank(best, folded(word)) <= 1 ? best[0] : undefined
}

export const options = (list, bare) => list.map(([character, name]) => (
  `<li role="option" data-value="${character}"${bare ? ` title="${name}" aria-label="${name}">${character}` : `><b>${character}</b> ${name}`}</li>`)).join('')

// tell tells screen readers how many there are to choose from. They hear only what changes in an element that
// has been there before.
let teller

function createTeller() {
  teller = document.createElement('p')
  teller.className = 'aside'
  teller.setAttribute('aria-live', 'polite')
  document.querySelector('#talk').append(teller)
}

function tell(n) {
  const { none, one, several } = document.querySelector('#suggestions').dataset
  teller.textContent = n === 1 ? one : n ? several.replace('{n}', n) : none
}

// listbox moves through the options of a box with the keys of a field that keeps the focus. Which field that is
// may change; all of them are inside the root.
export function listbox(root, getField, box, onChoose) {
  if (!teller) createTeller()
  let active = null
  let count = 0
  const choose = (option) => {
    show('')
    onChoose(option.dataset.value)
  }
  const activate = (option) => {
    if (active) active.removeAttribute('aria-selected')
    active = option
    const field = getField()
    if (!option) return field.removeAttribute('aria-activedescendant')
    option.id = option.id || box.id + count++ // never the same again: browsers report only what changes
    option.setAttribute('aria-selected', 'true')
    field.setAttribute('aria-activedescendant', option.id)
    option.scrollIntoView({ block: 'nearest' })
  }
  const show = (html) => {
    const field = getField()
    field.setAttribute('aria-autocomplete', 'list')
    field.setAttribute('aria-controls', box.id)
    box.innerHTML = html
    box.hidden = !html
    if (html) tell(box.children.length)
    else teller.textContent = ''
    activate(box.firstElementChild)
  }
  // In the capture phase, before the composer sends the message.
  root.addEventListener('keydown', (event) => {
    if (event.target !== getField() || !active || event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return
    const items = [...box.children]
    const columns = items.filter(({ offsetTop }) => offsetTop === items[0].offsetTop).length
    const forward = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const backward = document.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft'
    const steps = { ArrowDown: columns, ArrowUp: -columns }
    if (columns > 1) Object.assign(steps, { [forward]: 1, [backward]: -1 })
    if (event.key in steps) {
      const at = items.indexOf(active) + steps[event.key]
      activate(items[columns > 1 ? Math.max(0, Math.min(at, items.length - 1)) : (at + items.length) % items.length])
    } else if (!event.shiftKey && (event.key === 'Enter' || (event.key === 'Tab' && columns === 1))) choose(active) // in the picker, Tab leaves
    else if (event.key === 'Escape') show('')
    else return
    event.preventDefault()
    event.stopPropagation()
  }, true)
  box.onmousedown = (event) => event.preventDefault() // the field keeps the focus
  box.onclick = ({ target }) => {
    const option = target.closest('[role=option]')
    if (option) choose(option)
  }
  return { show }
}

// react is for a reaction that is not in the row of the menu at a message.
export function react(plus) {
  const form = plus.nextElementSibling
  open(plus, (emoji) => {
    form.elements.emoji.value = emoji
    form.requestSubmit()
  }, plus.closest('#menu')) // a click in the picker is one in the menu, which stays
}

// open shows the picker beside an element and calls back with the emoji that is chosen.
export async function open(anchor, onChoose, holder = document.body) {
  if (panel) {
    const { isConnected } = panel // it may have gone with its menu
    panel.close()
    if (isConnected) return anchor.focus()
  }
  const { search: label } = pick.dataset
  panel = document.createElement('div')
  panel.id = 'picker'
  panel.setAttribute('role', 'dialog')
  panel.setAttribute('aria-label', label)
  panel.innerHTML = `<input type="search" role="combobox" aria-expanded="true" autocomplete="off" aria-label="${label}" placeholder="${label}"><ul id="emoji" role="listbox" aria-label="${label}"></ul>`
  const [field, box] = panel.children
  const close = panel.close = () => {
    visualViewport.removeEventListener('resize', place)
    teller.textContent = ''
    panel.remove()
    panel = null
    removeEventListener('pointerdown', away, true)
  }
  const away = ({ target }) => panel.contains(target) || anchor.contains(target) || target.closest('.veil') || close()
  const list = listbox(panel, () => field, box, (value) => {
    close()
    anchor.focus()
    onChoose(value)
  })
  panel.onmousedown = (event) => event.target === field || event.preventDefault() // the field keeps the focus
  panel.addEventListener('keydown', (event) => event.ctrlKey || event.metaKey || event.stopPropagation()) // the menu has keys of its own
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' && event.key !== 'Tab' || event.isComposing || event.keyCode === 229) return
    event.preventDefault()
    event.stopPropagation()
    close()
    anchor.focus()
  }, true)
  holder.append(panel)
  addEventListener('pointerdown', away, true)
  const place = () => {
    const { top, bottom, right } = anchor.getBoundingClientRect()
    const { offsetHeight: height, offsetWidth: width } = panel
    const { height: room, offsetTop: above } = visualViewport // what the keyboard of a phone leaves
    panel.style.top = Math.max(above + 8, Math.min(top > height + 16 ? top - height - 8 : bottom + 8, above + room - height - 8)) + 'px'
    panel.style.left = Math.max(8, Math.min(right - width, innerWidth - width - 8)) + 'px'
  }
  visualViewport.addEventListener('resize', place)
  place()
  field.focus()
  const show = async () => {
    const found = await search(field.value, 2000)
    if (!field.isConnected) return
    list.show(options(found.slice(0, firstShown), true))
    box.hidden = false // the picker keeps its size
    tell(found.length)
    clearTimeout(filling)
    filling = setTimeout(() => box.insertAdjacentHTML('beforeend', options(found.slice(firstShown), true)), 50)
  }
  field.oninput = show
  await show()
}
