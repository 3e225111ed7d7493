import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

const shell = '/usr/bin/chromium-headless-shell';
const chromium = process.env.RIG_CHROMIUM || process.env.CHROMIUM || (existsSync(shell) ? shell : '/usr/bin/chromium');

// Pictures of every page, in the world of e2e/world (`just pictures`). Needs no other server:
//   node assets/build.mjs && RIG_PICTURES='friends profile' npx playwright test -c e2e/pictures
export default defineConfig({
  testDir: '.',
  testMatch: 'pictures.ts',
  globalSetup: './setup.ts',
  outputDir: '../.out/pictures-results',
  fullyParallel: true,
  workers: 3, // on two cores: pages spend most of their time waiting
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 10_000,
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
});
