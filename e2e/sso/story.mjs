// Signs two people up and in with dex, one without scripts and one with them. `just sso` runs it.
import assert from 'node:assert/strict'
import { chromium } from '@playwright/test'

const parley = process.argv[2]
const browser = await chromium.launch({
  executablePath: process.env.RIG_CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

async function signInAtDex(page, email) {
  await page.goto(parley + '/sign-in')
  await page.getByRole('link', { name: 'Continue with Example Corp' }).click()
  await page.locator('input[name=login]').fill(email)
  await page.locator('input[name=password]').fill('password')
  await page.locator('button[type=submit]').click()
}

for (const [name, javaScriptEnabled] of [['ann', false], ['bob', true]]) {
  const open = () => browser.newContext({ javaScriptEnabled, locale: 'en' }).then((context) => context.newPage())
  let page = await open()
  await signInAtDex(page, name + '@example.org')
  await page.waitForURL(parley + '/sign-in/new')
  assert.equal(await page.locator('input[name=username]').first().inputValue(), name)
  await page.getByRole('button', { name: 'Create an account' }).click()
  await page.waitForURL(parley + '/rooms', { waitUntil: 'commit' }) // the list of rooms never ends without scripts

  page = await open() // another browser, which is known at once
  await signInAtDex(page, name + '@example.org')
  await page.waitForURL(parley + '/rooms', { waitUntil: 'commit' })
  await page.goto(parley + '/profile')
  await page.locator('#sso summary').click()
  await page.getByText('Example Corp, as ' + name).waitFor()
  await page.getByRole('button', { name: /^Disconnect/ }).click() // the last way in stays
  await page.getByRole('alert').waitFor()

  await page.goto(parley + '/profile/confirm?next=/profile/delete') // in place of a password
  await page.locator('input[name=login]').fill(name + '@example.org')
  await page.locator('input[name=password]').fill('password')
  await page.locator('button[type=submit]').click()
  await page.waitForURL(parley + '/profile/delete')
  console.log(name, javaScriptEnabled ? 'with scripts' : 'without scripts', 'ok')
}
await browser.close()
