import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

// The headless shell is the same engine without windows, at half the cost.
const shell = '/usr/bin/chromium-headless-shell';
const chromium = process.env.RIG_CHROMIUM || process.env.CHROMIUM || (existsSync(shell) ? shell : '/usr/bin/chromium');

// The client scripts, against a small server that misbehaves on demand and serves what the real one sent:
//   node assets/build.mjs && npx playwright test -c e2e/client
export default defineConfig({
  testDir: '.',
  globalSetup: './setup.ts',
  outputDir: '../.out/client',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 3, // on two cores: pages spend most of their time waiting
  timeout: 60_000,
  expect: { timeout: 30_000 },
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
