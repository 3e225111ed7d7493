// What outlives a page, in this tab only. A browser that refuses to store costs the drafts,
// nothing else.

const name = (key) => 'parley:' + key

export function get(key) {
  try {
    return sessionStorage.getItem(name(key))
  } catch {
    return null
  }
}

// put answers whether the value was stored.
export function put(key, value) {
  try {
    sessionStorage.setItem(name(key), value)
    return true
  } catch {
    return false
  }
}

export function drop(key) {
  try {
    sessionStorage.removeItem(name(key))
  } catch {
    // There was nothing to drop.
  }
}

export function take(key) {
  const value = get(key)
  drop(key)
  return value
}

export function clear() {
  try {
    sessionStorage.clear()
  } catch {
    // There was nothing to clear.
  }
}
