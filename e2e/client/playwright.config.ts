import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// The shell is the same engine without windows, for half the work.
const shell = '/usr/bin/chromium-headless-shell';
const chromium = process.env.RIG_CHROMIUM || process.env.CHROMIUM || (existsSync(shell) ? shell : '/usr/bin/chromium');

// The client script alone, against a small server that misbehaves on demand. No Go, no database:
//   node assets/build.mjs && npx playwright test -c e2e/client
export default defineConfig({
  testDir: '.',
  outputDir: '../.out/client',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 3, // on two cores: pages wait more than they work
  timeout: 20_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
