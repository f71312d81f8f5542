import { chromium as playwright, type Browser } from 'playwright-core';
import { chromium, needProgram } from '../../house/program.ts';

let shared: Promise<Browser> | undefined;
let users = 0;

/** The browser that all editors of this process share; each call needs one `releaseBrowser` */
export async function needBrowser(): Promise<Browser> {
  users++;
  shared ??= playwright.launch({
    executablePath: needProgram(chromium),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
  return shared;
}

/** Closes the browser when nobody uses it any more, so that the process can end */
export async function releaseBrowser(): Promise<void> {
  users--;
  if (users > 0 || shared === undefined) return;
  const browser = await shared;
  shared = undefined;
  await browser.close();
}
