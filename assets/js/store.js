// What outlives a page, in this tab only. In a browser that refuses to store anything, only drafts are
// lost.

const prefixed = (key) => 'parley:' + key

export function get(key) {
  try {
    return sessionStorage.getItem(prefixed(key))
  } catch {
    return null
  }
}

// put reports whether the value was stored.
export function put(key, value) {
  try {
    sessionStorage.setItem(prefixed(key), value)
    return true
  } catch {
    return false
  }
}

export function remove(key) {
  try {
    sessionStorage.removeItem(prefixed(key))
  } catch {
    // There was nothing to drop.
  }
}

export function take(key) {
  const value = get(key)
  remove(key)
  return value
}

export function clear() {
  try {
    sessionStorage.clear()
    localStorage.clear() // what the tabs have notified people of (notify.js)
  } catch {
    // There was nothing to clear.
  }
}
