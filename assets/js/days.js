// Keeps the names of days correct: "Today" becomes "Yesterday" at midnight, in the reader's time zone.

const checkInterval = 30000 // ms
const dayLength = 864e5 // ms

const list = document.querySelector('#messages[data-zone]')

let calendar // writes a date as in <time datetime>

export function start() {
  if (!list) return
  calendar = new Intl.DateTimeFormat('sv-SE', { timeZone: list.dataset.zone })
  setInterval(name, checkInterval)
  name()
}

export function name() {
  if (!calendar) return
  const today = calendar.format(new Date())
  for (const time of list.querySelectorAll('.day time')) {
    const date = time.title || time.textContent
    const days = (Date.parse(today) - Date.parse(time.dateTime)) / dayLength
    const text = nameOf(days, date, time.dateTime.slice(0, 4) === today.slice(0, 4))
    time.title = date
    if (time.textContent !== text) time.textContent = text
  }
}

// nameOf shortens a date as words.Dates does.
function nameOf(days, date, thisYear) {
  if (days === 0) return list.dataset.today
  if (days === 1) return list.dataset.yesterday
  if (days > 1 && days < 7) return date[0].toUpperCase() + date.slice(1).split(',')[0]
  return thisYear ? date.replace(/( de)? \d{4}$/, '') : date
}
