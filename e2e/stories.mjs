// Writes docs/stories.md, the table of all stories and of how they are told, and the short one in the
// README. With --check it writes nothing and tells whether both are fresh. Playwright itself lists the
// stories, so what stands there is what runs.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

// What the stories of a file are about, in the order of the tables.
const areas = {
  'account.spec.ts': 'Signing up, in and out',
  'friends.spec.ts': 'Friends',
  'groups.spec.ts': 'Groups',
  'chat.spec.ts': 'Talking',
  'composer.spec.ts': 'Writing a message',
  'text.spec.ts': 'Formatting, mentions',
  'changes.spec.ts': 'Edits, replies, reactions, history',
  'photos.spec.ts': 'Photos',
  'presence.spec.ts': 'Who is here, who writes',
  'roomlist.spec.ts': 'The room list',
  'unread.spec.ts': 'What is unread',
  'search.spec.ts': 'Search',
  'profile.spec.ts': 'The profile',
  'reading.spec.ts': 'How pages are read without scripts',
  'language.spec.ts': 'Languages and scripts',
  'streamed.spec.ts': 'Live without scripts',
  'hidden.spec.ts': 'Hidden tabs',
  'leaving.spec.ts': 'Removed, signed out',
  'lost.spec.ts': 'Lost connections',
  'restart.spec.ts': 'Restarts',
  'keyboard.spec.ts': 'The Tab key and the focus',
  'hands.spec.ts': 'By keyboard alone',
  'aria.spec.ts': 'What screen readers are told',
  'sight.spec.ts': 'What those see who zoom, or choose their own colours',
  'axe.spec.ts': 'Accessibility (axe), narrow windows',
}

class Refusal extends Error {}

function list() {
  const args = ['playwright', 'test', '--config', 'e2e', '--list', '--reporter=json', '--project=scripts', '--project=no-scripts']
  const { suites, errors } = JSON.parse(execFileSync('npx', args, { cwd: root, maxBuffer: 64 << 20, encoding: 'utf8' }))
  if (errors.length > 0) throw new Refusal(errors.map((e) => e.message).join('\n'))
  return suites.map(({ file, ...suite }) => ({ file, stories: told(suite) }))
}

// A story in each of both ways has one line in Playwright's list for each.
function told(suite, place = '') {
  const stories = new Map()
  for (const { title, tests } of suite.specs ?? []) {
    const name = place + title.replace(/ @\w+/g, '')
    const story = stories.get(name) ?? { name, ways: [] }
    for (const { projectName, annotations } of tests) {
      story.ways.push(projectName)
      story.why = annotations.find((a) => a.type === 'apart')?.description
    }
    stories.set(name, story)
  }
  const inner = (suite.suites ?? []).flatMap((one) => told(one, one.title ? `${place}${one.title}: ` : place))
  return [...stories.values(), ...inner]
}

function inOrder(files) {
  const order = Object.keys(areas)
  for (const { file, stories } of files) {
    if (!areas[file]) throw new Refusal(`say in e2e/stories.mjs what the stories of ${file} are about`)
    for (const story of stories) prove(story, files)
  }
  return files.sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file))
}

// A story that is told in one way only says why, and if another one stands for it, that one is there.
function prove({ name, ways, why }, files) {
  if (ways.length > 1) return
  if (!why) throw new Refusal(`"${name}" is told ${ways} only: say why, with apart('...')`)
  for (const [, other] of why.matchAll(/“(.*?)”/g)) {
    if (!files.some(({ stories }) => stories.some((story) => story.name.includes(other)))) {
      throw new Refusal(`"${name}" names a story that is not there: ${other}`)
    }
  }
}

const count = (stories, way) => stories.filter(({ ways }) => ways.includes(way)).length

function short(files) {
  const rows = files.map(({ file, stories }) => [areas[file], count(stories, 'scripts'), count(stories, 'no-scripts')])
  const all = files.flatMap(({ stories }) => stories)
  return [
    '| stories about | with scripts | without |', '|---|---|---|',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    `| **${all.length} stories** | **${count(all, 'scripts')}** | **${count(all, 'no-scripts')}** |`,
  ].join('\n')
}

function whole(files) {
  const cell = ({ ways, why }, way) => (ways.includes(way) ? 'told' : `not told: ${why}`)
  const tables = files.map(({ file, stories }) => [
    `## ${areas[file]}`, '', '| story | with scripts | without |', '|---|---|---|',
    ...stories.map((s) => `| ${s.name.replaceAll('|', '\\|')} | ${cell(s, 'scripts')} | ${cell(s, 'no-scripts')} |`),
  ].join('\n'))
  return `# The stories

Each story is told by a real browser to the real server, with JavaScript and without, on one process
with SQLite and on two with MariaDB and Redis. Where one is told in one way only, the table says why.
\`just stories\` makes it of \`e2e/*.spec.ts\`, and \`just check\` tells when it is stale.

${tables.join('\n\n')}
`
}

function main() {
  const files = inOrder(list())
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8')
  const marks = /(<!-- stories -->\n)[^]*(\n<!-- end of stories -->)/
  if (!marks.test(readme)) throw new Refusal('the README has no place for the table')
  const pages = { 'README.md': readme.replace(marks, (_, begin, end) => begin + short(files) + end), 'docs/stories.md': whole(files) }
  for (const [name, text] of Object.entries(pages)) {
    const path = resolve(root, name)
    if (!process.argv.includes('--check')) writeFileSync(path, text)
    else if (readFileSync(path, 'utf8') !== text) throw new Refusal(`the table of stories in ${name} is stale: run \`just stories\` and commit it`)
  }
}

try {
  main()
} catch (error) {
  console.error(error instanceof Refusal ? error.message : error.stack)
  process.exitCode = 1
}
