// Renders assets/icons/icon.svg as PNG for what does not support SVG: home screens, older browsers. It knows
// only the SVG that this one drawing uses, and refuses the rest.

import { deflateSync } from 'node:zlib'

const grain = 8 // samples per pixel, in each direction

// Renders the icon at a size in pixels. A maskable icon fills its square, because phones cut their own
// shape out of it, and keeps the drawing away from the corners.
export function picture(svg, size, { maskable = false } = {}) {
  const [, , , side] = attribute(svg, 'viewBox').split(' ').map(Number)
  const shapes = [...svg.matchAll(/<(rect|path)\b[^>]*>/g)].map(([tag, kind], i) => ({
    points: kind === 'path' ? outline(attribute(tag, 'd')) : ground(tag, maskable),
    colour: colour(attribute(tag, 'fill')),
    opacity: Number(attribute(tag, 'opacity', '1')),
    scale: maskable && i > 0 ? 0.9 : 1,
  }))
  const pixels = Buffer.alloc(size * size * 4)
  for (const { points, colour, opacity, scale } of shapes) {
    const placed = points.map(([x, y]) => [x, y].map((v) => ((v - side / 2) * scale + side / 2) * (size / side)))
    fill(pixels, size, placed, colour, opacity)
  }
  return png(pixels, size)
}

function attribute(tag, name, otherwise) {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`))
  if (!found && otherwise === undefined) throw new Error(`the icon has no ${name} in ${tag}`)
  return found ? found[1] : otherwise
}

function colour(text) {
  const hex = text.slice(1)
  const long = hex.length === 3 ? [...hex].map((c) => c + c).join('') : hex
  return [0, 2, 4].map((at) => parseInt(long.slice(at, at + 2), 16))
}

// The background, a square with round corners.
function ground(tag, square) {
  const [w, h, r] = ['width', 'height', 'rx'].map((name) => Number(attribute(tag, name)))
  if (square) return [[0, 0], [w, 0], [w, h], [0, h]]
  return outline(`M${r} 0H${w - r}a${r} ${r} 0 0 1 ${r} ${r}V${h - r}a${r} ${r} 0 0 1 -${r} ${r}H${r}a${r} ${r} 0 0 1 -${r} -${r}V${r}a${r} ${r} 0 0 1 ${r} -${r}z`)
}

// The points of a path, with arcs as short straight lines.
function outline(d) {
  const words = d.match(/[a-z]|-?(?:\d*\.)?\d+/gi)
  const points = []
  let [x, y, command] = [0, 0, '']
  const next = () => Number(words.shift())
  while (words.length > 0) {
    if (/[a-z]/i.test(words[0])) command = words.shift()
    const from = [x, y]
    switch (command) {
      case 'M': [x, y] = [next(), next()]; break
      case 'l': [x, y] = [x + next(), y + next()]; break
      case 'h': x += next(); break
      case 'v': y += next(); break
      case 'H': x = next(); break
      case 'V': y = next(); break
      case 'a': {
        const [r, , , large, sweep] = [next(), next(), next(), next(), next()]
        ;[x, y] = [x + next(), y + next()]
        points.push(...arc(from, [x, y], r, large !== sweep))
        break
      }
      case 'z': continue
      default: throw new Error(`the icon's path has ${command || words[0]}, which assets/picture.mjs does not draw`)
    }
    points.push([x, y])
  }
  return points
}

// Points on a circle of radius r through two points. There are two such circles, one on each side.
function arc([x1, y1], [x2, y2], r, left) {
  const [dx, dy] = [(x2 - x1) / 2, (y2 - y1) / 2]
  const half = Math.hypot(dx, dy)
  const away = Math.sqrt(Math.max(0, r * r - half * half)) / half * (left ? 1 : -1)
  const [cx, cy] = [x1 + dx - dy * away, y1 + dy + dx * away]
  const start = Math.atan2(y1 - cy, x1 - cx)
  let turn = Math.atan2(y2 - cy, x2 - cx) - start
  turn -= 2 * Math.PI * Math.round(turn / (2 * Math.PI)) // the icon has no arc of more than half a circle
  const steps = 24
  return Array.from({ length: steps - 1 }, (_, i) => start + turn * (i + 1) / steps)
    .map((angle) => [cx + r * Math.cos(angle), cy + r * Math.sin(angle)])
}

// Fills a shape line by line, blending the color by how much of each pixel it covers.
function fill(pixels, size, points, [red, green, blue], opacity) {
  for (let row = 0; row < size; row++) {
    const cover = new Float64Array(size)
    for (let line = 0; line < grain; line++) {
      const y = row + (line + 0.5) / grain
      const crossings = points.flatMap(([x1, y1], i) => {
        const [x2, y2] = points[(i + 1) % points.length]
        return (y1 <= y) === (y2 <= y) ? [] : [x1 + (y - y1) / (y2 - y1) * (x2 - x1)]
      }).sort((a, b) => a - b)
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        for (let x = Math.max(0, Math.floor(crossings[i])); x < Math.min(size, crossings[i + 1]); x++) {
          cover[x] += Math.max(0, Math.min(x + 1, crossings[i + 1]) - Math.max(x, crossings[i])) / grain
        }
      }
    }
    for (let x = 0; x < size; x++) if (cover[x] > 0) lay(pixels, (row * size + x) * 4, [red, green, blue], cover[x] * opacity)
  }
}

function lay(pixels, at, colour, alpha) {
  const below = pixels[at + 3] / 255 * (1 - alpha)
  const whole = alpha + below
  for (let i = 0; i < 3; i++) pixels[at + i] = Math.round((colour[i] * alpha + pixels[at + i] * below) / whole)
  pixels[at + 3] = Math.round(whole * 255)
}

function png(pixels, size) {
  const lines = Buffer.alloc(size * (size * 4 + 1)) // each starts with its filter: none
  for (let row = 0; row < size; row++) pixels.copy(lines, row * (size * 4 + 1) + 1, row * size * 4, (row + 1) * size * 4)
  const head = Buffer.alloc(13)
  head.writeUInt32BE(size, 0)
  head.writeUInt32BE(size, 4)
  head.set([8, 6, 0, 0, 0], 8) // eight bits each for red, green, blue and alpha
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(data.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(checksum(body), body.length + 4)
  return whole
}

// PNG's CRC-32. zlib.crc32 needs Node 20.15.
function checksum(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}
