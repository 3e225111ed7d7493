import { defineConfig } from '@playwright/test';
import type { Ways } from './story';

// Each story runs four times: with scripts and without, on one process with SQLite and on two with
// MariaDB and Redis. Tags in a title limit that: @scripts runs only with scripts and @plain only
// without, both with a reason (`apart`); @once runs on one process only.
const ways = [
  { name: 'scripts', javaScriptEnabled: true, processes: 'one', leave: /@plain/ },
  { name: 'no-scripts', javaScriptEnabled: false, processes: 'one', leave: /@scripts/ },
  { name: 'scripts-two', javaScriptEnabled: true, processes: 'two', leave: /@plain|@once/ },
  { name: 'no-scripts-two', javaScriptEnabled: false, processes: 'two', leave: /@scripts|@once/ },
] as const;

// Not stories, but they need the same servers and people. Each has its own recipe in the justfile.
const errands = [
  { name: 'lighthouse', testMatch: 'lighthouse/pages.ts', asked: process.env.RIG_LIGHTHOUSE },
  { name: 'low-js', testMatch: 'low-js/compare.ts', asked: process.env.RIG_LOW_JS },
].filter(({ asked }) => asked);

export default defineConfig<Ways>({
  testDir: '.',
  testIgnore: ['client/**', 'pictures/**'],
  globalSetup: './servers.ts',
  outputDir: '.out/results',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  workers: 3, // on two cores; a fourth does not help
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    screenshot: 'only-on-failure',
    trace: process.env.RIG_TRACE ? 'retain-on-failure' : 'off', // takes a quarter of the time
    launchOptions: {
      executablePath: process.env.RIG_CHROMIUM,
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
  projects: [
    ...ways.map(({ name, javaScriptEnabled, processes, leave }) => (
      { name, grepInvert: leave, use: { javaScriptEnabled, processes } }
    )),
    ...errands.map(({ name, testMatch }) => ({ name, testMatch, use: { processes: 'one', trace: 'off' } as const })),
  ],
});
