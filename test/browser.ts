// A real browser for journeys: the system's Chromium where there is one, else the one from the lockfile.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { serve } from '@hono/node-server';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { TestWorld } from './world.ts';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
];
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// Inside node_modules: never another user's, as a folder all share in /tmp would be, and gone with the version it is of.
const BUNDLED = join(import.meta.dirname, '../node_modules/.cache/pendopo-chromium');

/** Starts a headless Chromium. */
export async function openBrowser(): Promise<Browser> {
  const system = SYSTEM.find((path) => existsSync(path));
  if (system && !process.env.PENDOPO_TEST_BUNDLED_CHROMIUM)
    return chromium.launch({ executablePath: system, args: ARGS });
  if (!existsSync(BUNDLED)) await unpackBundled();
  // Not the arguments that come with it: those are for one page in a Lambda, all in one process that soon falls over.
  return chromium.launch({
    executablePath: join(BUNDLED, 'chromium'),
    args: ARGS,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(BUNDLED, 'al2023/lib'),
      // A machine without fonts draws no letters; then those that come with it serve.
      ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(BUNDLED, 'fonts') }),
    },
  });
}

/** Unpacks the browser of the lockfile, its libraries and fonts. Renaming last lets several test files do so at once. */
async function unpackBundled(): Promise<void> {
  mkdirSync(join(BUNDLED, '..'), { recursive: true });
  const folder = mkdtempSync(`${BUNDLED}-`);
  const { TMPDIR, AWS_LAMBDA_JS_RUNTIME } = process.env;
  // The package unpacks into the system's folder for temporary files, and its libraries only where it believes to be in a Lambda.
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
  try {
    const bundled = (await import('@sparticuz/chromium')).default;
    await bundled.executablePath();
  } finally {
    for (const [name, value] of Object.entries({ TMPDIR, AWS_LAMBDA_JS_RUNTIME }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
  try {
    renameSync(folder, BUNDLED);
  } catch {
    rmSync(folder, { recursive: true }); // another was first
  }
}

/** Serves a test world on a free port of the loopback. */
export async function serveWorld(t: TestWorld): Promise<{ url: string; close(): Promise<void> }> {
  const server = serve({ fetch: t.app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

/** A cheap phone: 360 px wide, Indonesian, no script. */
export const phone = (browser: Browser, baseURL: string, javaScript = false): Promise<BrowserContext> =>
  browser.newContext({
    baseURL,
    viewport: { width: 360, height: 740 },
    javaScriptEnabled: javaScript,
    locale: 'id-ID',
    isMobile: true,
    hasTouch: true,
  });

/** An officer's old monitor. */
export const monitor = (browser: Browser, baseURL: string): Promise<BrowserContext> =>
  browser.newContext({ baseURL, viewport: { width: 1366, height: 768 }, locale: 'id-ID' });

/** What axe (WCAG 2.2 AA) finds wrong with a page; the page must have scripts enabled. Also what runs over its right edge. */
export async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  const over = (await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )) as number;
  return over > 0 ? [...found, `the page is ${over} px wider than the window`] : found;
}
