// A real browser for journeys: the system's Chromium where there is one, else the one from the lockfile.
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
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

/** Starts a headless Chromium. */
export async function openBrowser(): Promise<Browser> {
  const system = SYSTEM.find((path) => existsSync(path));
  if (system && !process.env.PENDOPO_TEST_BUNDLED_CHROMIUM)
    return chromium.launch({ executablePath: system, args: ARGS });
  const bundled = (await import('@sparticuz/chromium')).default;
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    args: [...bundled.args, ...ARGS],
    headless: true,
  });
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
