import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { needBrowser, releaseBrowser } from './browser.ts';
import { type EditorAge, type EditorServer, extensionsFolder, installExtension, settingsFile, startServer, userFolder } from './editorServer.ts';
import { startProbeServer, type ProbeServer } from './probeServer.ts';

/** What a window is started with, and keeps */
export interface WindowOptions {
  /** Folders of extensions under development, absolute. The first runs in development mode, the others as installed ones */
  readonly extensions?: readonly string[];
  /** A packed extension to install first */
  readonly vsix?: string;
  /** Which editor; `newest` unless told */
  readonly age?: EditorAge;
  /** `false` opens in Restricted Mode (default: trusted) */
  readonly trusted?: boolean;
  /** Language of the editor and its extensions, such as `de`; the editor's own texts need a language pack and stay English */
  readonly language?: string;
}

/** Page events that tests listen to */
const listenedTo = ['console', 'pageerror', 'dialog', 'request', 'response'] as const;

/** A server of the editor and a page of the browser that shows it, one folder after the other */
export class EditorWindow {
  /** Folder with the editor's settings, state and logs; removed by `close` */
  readonly data: string;
  readonly server: EditorServer;
  readonly probe: ProbeServer;
  readonly page: Page;
  /** Folder of the extension that runs in development mode */
  readonly developed: string | undefined;
  readonly #context: BrowserContext;

  private constructor(parts: Pick<EditorWindow, 'data' | 'server' | 'probe' | 'page' | 'developed'>, context: BrowserContext) {
    ({ data: this.data, server: this.server, probe: this.probe, page: this.page, developed: this.developed } = parts);
    this.#context = context;
  }

  /** `env` is the environment of the server, which finds the person's folders by it */
  static async start({ extensions = [], vsix, age, trusted = true, language }: WindowOptions, env: Readonly<Record<string, string | undefined>> = {}): Promise<EditorWindow> {
    const data = mkdtempSync(path.join(tmpdir(), 'cowork-editor-'));
    const [developed, ...others] = extensions;
    for (const folder of [path.join(import.meta.dirname, 'probe'), ...others]) placeExtension(folder, data);
    if (vsix !== undefined) installExtension(vsix, data, age);
    const probe = await startProbeServer();
    const server = await startServer({ data, trusted, ...(age === undefined ? {} : { age }), env: { ...env, COWORK_TEST_PROBE: String(probe.port) } });
    const browser = await needBrowser();
    const context = await browser.newContext({ reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] });
    const page = await context.newPage();
    if (language !== undefined) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)}`);
    return new EditorWindow({ data, server, probe, page, developed: developed === undefined ? undefined : elsewhere(developed, data) }, context);
  }

  /** User settings of whatever is opened next */
  set settings(settings: Readonly<Record<string, unknown>>) {
    mkdirSync(path.dirname(settingsFile(this.data)), { recursive: true });
    writeFileSync(settingsFile(this.data), JSON.stringify(settings, undefined, 2));
  }

  /** Goes where `go` leads the page; resolves when a new extension host is up */
  async load(go: (page: Page) => Promise<unknown>): Promise<void> {
    const host = this.probe.nextHost();
    await go(this.page);
    await this.page.locator('.monaco-workbench').waitFor();
    await within(60_000, host, () => `no extension host came up:\n${this.server.output()}`);
  }

  /** Ends what is open and forgets all of it: what the next editor finds is as in a new window */
  async clear(): Promise<void> {
    for (const event of listenedTo) this.page.removeAllListeners(event);
    for (const other of this.#context.pages()) if (other !== this.page) await other.close();
    await this.page.evaluate('sessionStorage.clear()');
    await this.page.goto('about:blank');
    // Nothing lies below the pointer, as before a person's hand comes to the mouse
    await this.page.mouse.move(-1, -1);
    await this.probe.noHost(60_000);
    const session = await this.#context.newCDPSession(this.page);
    await session.send('Storage.clearDataForOrigin', { origin: this.server.url, storageTypes: 'all' });
    await session.detach();
    rmSync(userFolder(this.data), { recursive: true, force: true, maxRetries: 5 });
  }

  async close(): Promise<void> {
    await this.#context.close();
    await releaseBrowser();
    await this.server.close();
    await this.probe.close();
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * Another name for the folder of an extension under development. The editor takes every theme below that folder for the
 * developer's and shows the first one; its own themes lie below ours, in `.cache`
 */
function elsewhere(folder: string, data: string): string {
  const link = path.join(data, 'developed');
  symlinkSync(folder, link, 'junction');
  return link;
}

/** Puts an extension's folder where the server finds installed ones. Comes before `installExtension`: that one lists them */
export function placeExtension(folder: string, data: string): void {
  const { publisher, name, version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Readonly<
    Record<'publisher' | 'name' | 'version', string>
  >;
  cpSync(folder, path.join(extensionsFolder(data), `${publisher}.${name}-${version}`), { recursive: true });
}

async function within<T>(milliseconds: number, promise: Promise<T>, sentence: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(sentence()));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
