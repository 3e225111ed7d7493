// Generates docs/stories.md, the list of all stories, and the short table in the README. With --check it
// only reports whether both are up to date. Playwright itself lists the stories, so the tables show what
// actually runs.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')

// What the stories of each file are about, in the order of the tables.
const areas = {
  'account.spec.ts': 'Signing up, in and out',
  'secondfactor.spec.ts': 'Signing in with more than a password',
  'sso.spec.ts': 'Signing in with an account elsewhere',
  'recovery.spec.ts': 'Ways back in, and other devices',
  'pages.spec.ts': 'The door, the keys, code, lists of people',
  'friends.spec.ts': 'Friends',
  'invitations.spec.ts': 'Invitations',
  'groups.spec.ts': 'Groups',
  'moderation.spec.ts': 'Moderation',
  'openrooms.spec.ts': 'Open rooms',
  'chat.spec.ts': 'Chatting',
  'composer.spec.ts': 'Writing a message',
  'text.spec.ts': 'Formatting, mentions',
  'changes.spec.ts': 'Edits, replies, reactions, history',
  'menu.spec.ts': 'The menu at a message',
  'photos.spec.ts': 'Photos',
  'photoproblems.spec.ts': 'Photos that cannot be sent',
  'presence.spec.ts': 'Presence, typing',
  'roomlist.spec.ts': 'The room list',
  'unread.spec.ts': 'Unread messages, muting',
  'search.spec.ts': 'Search',
  'profile.spec.ts': 'The profile',
  'own.spec.ts': 'Taking one’s data along, deleting the account',
  'reading.spec.ts': 'Reading modes without scripts',
  'history.spec.ts': 'Finding one’s place',
  'language.spec.ts': 'Languages, right-to-left text',
  'streamed.spec.ts': 'Live without scripts',
  'hidden.spec.ts': 'Hidden tabs',
  'admin.spec.ts': 'Running a server',
  'leaving.spec.ts': 'Removed, blocked, signed out',
  'reports.spec.ts': 'Reports',
  'lost.spec.ts': 'Lost connections',
  'restart.spec.ts': 'Restarts',
  'tls.spec.ts': 'TLS by itself',
  'keyboard.spec.ts': 'Tab key and focus',
  'hands.spec.ts': 'Keyboard only',
  'aria.spec.ts': 'Screen readers',
  'announced.spec.ts': 'What is announced, and keeping the focus',
  'sight.spec.ts': 'Zoom, colors, motion',
  'axe.spec.ts': 'Accessibility (axe), narrow windows',
}

class UserError extends Error {}

function list() {
  const args = ['playwright', 'test', '--config', 'e2e', '--list', '--reporter=json', '--project=scripts', '--project=no-scripts']
  const { suites, errors } = JSON.parse(execFileSync('npx', args, { cwd: root, maxBuffer: 64 << 20, encoding: 'utf8' }))
  if (errors.length > 0) throw new UserError(errors.map((e) => e.message).join('\n'))
  return suites.map(({ file, ...suite }) => ({ file, stories: storiesOf(suite) }))
}

// Playwright lists a story once for each way it runs.
function storiesOf(suite, prefix = '') {
  const stories = new Map()
  for (const { title, tests } of suite.specs ?? []) {
    const name = prefix + title.replace(/ @\w+/g, '')
    const story = stories.get(name) ?? { name, ways: [] }
    for (const { projectName, annotations } of tests) {
      story.ways.push(projectName)
      story.why = annotations.find((a) => a.type === 'apart')?.description
    }
    stories.set(name, story)
  }
  const inner = (suite.suites ?? []).flatMap((one) => storiesOf(one, one.title ? `${prefix}${one.title}: ` : prefix))
  return [...stories.values(), ...inner]
}

function inOrder(files) {
  const order = Object.keys(areas)
  for (const { file, stories } of files) {
    if (!areas[file]) throw new UserError(`add ${file} to the areas in e2e/stories.mjs`)
    for (const story of stories) checkReason(story, files)
  }
  return files.sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file))
}

// A story that runs only one way needs a reason. A story that the reason names must exist.
function checkReason({ name, ways, why }, files) {
  if (ways.length > 1) return
  if (!why) throw new UserError(`"${name}" runs in ${ways} only: give a reason with apart('...')`)
  for (const [, other] of why.matchAll(/“(.*?)”/g)) {
    if (!files.some(({ stories }) => stories.some((story) => story.name.includes(other)))) {
      throw new UserError(`"${name}" refers to a missing story: ${other}`)
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
  const cell = ({ ways, why }, way) => (ways.includes(way) ? 'yes' : `no: ${why}`)
  const tables = files.map(({ file, stories }) => [
    `## ${areas[file]}`, '', '| story | with scripts | without |', '|---|---|---|',
    ...stories.map((s) => `| ${s.name.replaceAll('|', '\\|')} | ${cell(s, 'scripts')} | ${cell(s, 'no-scripts')} |`),
  ].join('\n'))
  return `# Stories

Stories are end-to-end tests: each runs in a real browser against the real server, with scripts on and
off, on one process with SQLite and on two with MariaDB and Redis. If a story runs only one way, the
table says why. \`just stories\` generates this page from \`e2e/*.spec.ts\`; \`just check\` fails if it is
out of date.

${tables.join('\n\n')}
`
}

function main() {
  const files = inOrder(list())
  const readme = readFileSync(resolve(root, 'README.md'), 'utf8')
  const marks = /(<!-- stories -->\n)[^]*(\n<!-- end of stories -->)/
  if (!marks.test(readme)) throw new UserError('the README has no markers for the table')
  const pages = { 'README.md': readme.replace(marks, (_, begin, end) => begin + short(files) + end), 'docs/stories.md': whole(files) }
  for (const [name, text] of Object.entries(pages)) {
    const path = resolve(root, name)
    if (!process.argv.includes('--check')) writeFileSync(path, text)
    else if (readFileSync(path, 'utf8') !== text) throw new UserError(`the stories in ${name} are out of date: run \`just stories\` and commit the result`)
  }
}

try {
  main()
} catch (error) {
  console.error(error instanceof UserError ? error.message : error.stack)
  process.exitCode = 1
}
