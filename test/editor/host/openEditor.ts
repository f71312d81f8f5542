import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { needBrowser, releaseBrowser } from './browser.ts';
import { type EditorAge, extensionsFolder, installExtension, settingsFile, startServer } from './editorServer.ts';
import { startProbeServer, type InsideFunction } from './probeServer.ts';

/** Names of the editor's own themes, as in the setting `workbench.colorTheme` */
const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  hc: 'Default High Contrast',
  hcLight: 'Default High Contrast Light',
} as const;

/** What is opened, and with what */
export interface EditorOptions {
  /** Folder, or `.code-workspace` file, to open, absolute; none opens an empty window */
  readonly folder?: string;
  /** Folders of extensions under development, absolute. The first runs in development mode, the others as installed ones */
  readonly extensions?: readonly string[];
  /** A packed extension to install first */
  readonly vsix?: string;
  readonly theme?: keyof typeof themes;
  /** Which editor; `newest` unless told */
  readonly age?: EditorAge;
  /** `false` opens in Restricted Mode (default: trusted) */
  readonly trusted?: boolean;
  /** User settings, over the quiet ones below */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Language of the editor and its extensions, such as `de`; the editor's own texts need a language pack and stay English */
  readonly language?: string;
  /** 1280 × 800 unless told */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A real editor that a test drives from outside */
export interface OpenEditor {
  readonly page: Page;
  readonly url: string;
  /** Folder with the editor's settings, state and logs; removed by `close` */
  readonly data: string;
  /** Reloads the window; resolves when the new extension host is up */
  reload(): Promise<void>;
  /**
   * Runs a function in the extension host (`(vscode, …args) => …`) and hands back its result, both ways as JSON.
   * It is sent as source: it sees its arguments and Node's globals (`require` for modules), nothing of the test file
   */
  runInExtensionHost<Args extends readonly unknown[], Result>(inside: InsideFunction<Args, Result>, ...args: Args): Promise<Result>;
  /** What the server printed, for a failing test to show */
  output(): string;
  close(): Promise<void>;
}

/** Nothing that asks, promotes, fetches or moves by itself */
export const quietSettings: Readonly<Record<string, unknown>> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'chat.disableAIFeatures': true,
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'editor.cursorBlinking': 'solid',
};

/** Opens a real editor in a browser without a screen; resolves when its extension host is up */
export async function openEditor(options: EditorOptions): Promise<OpenEditor> {
  const data = mkdtempSync(path.join(tmpdir(), 'cowork-editor-'));
  const [developed, ...others] = options.extensions ?? [];
  for (const folder of [path.join(import.meta.dirname, 'probe'), ...others]) placeExtension(folder, data);
  if (options.vsix !== undefined) installExtension(options.vsix, data, options.age);
  mkdirSync(path.dirname(settingsFile(data)), { recursive: true });
  const settings = { ...quietSettings, 'workbench.colorTheme': themes[options.theme ?? 'dark'], ...options.settings };
  writeFileSync(settingsFile(data), JSON.stringify(settings, undefined, 2));

  const probe = await startProbeServer();
  const server = await startServer({
    data,
    trusted: options.trusted ?? true,
    ...(options.age === undefined ? {} : { age: options.age }),
    env: { ...options.env, COWORK_TEST_PROBE: String(probe.port) },
  });
  const url = editorUrl(server, options.folder, developed === undefined ? [] : [elsewhere(developed, data)]);
  const browser = await needBrowser();
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  if (options.language !== undefined) await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)}`);

  const close = async () => {
    await context.close();
    await releaseBrowser();
    await server.close();
    await probe.close();
    rmSync(data, { recursive: true, force: true, maxRetries: 5 });
  };
  /** Loads the window anew and waits for its extension host */
  const load = async (go: () => Promise<unknown>) => {
    const host = probe.nextHost();
    await go();
    await page.locator('.monaco-workbench').waitFor();
    await within(60_000, host, () => `no extension host came up:\n${server.output()}`);
  };
  try {
    await load(() => page.goto(url));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    page,
    url,
    data,
    reload: () => load(() => page.reload()),
    runInExtensionHost: (inside, ...args) => probe.run(inside, args),
    output: () => server.output(),
    close,
  };
}

/** Address of a window; `payload` is what the browser's workbench takes in place of command line flags */
export function editorUrl(
  server: { readonly url: string; readonly port: number },
  folder: string | undefined,
  developed: readonly string[],
  payload: readonly (readonly [string, string])[] = [],
): string {
  const remote = (file: string) => `vscode-remote://127.0.0.1:${server.port}${toUriPath(file)}`;
  const query = new URLSearchParams();
  if (folder === undefined) query.set('ew', 'true');
  else query.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', toUriPath(folder));
  const pairs = [
    ['skipWelcome', 'true'],
    ...developed.map((extension) => ['extensionDevelopmentPath', remote(extension)]),
    ...payload.map(([key, value]) => [key, key === 'extensionTestsPath' ? remote(value) : value]),
  ];
  query.set('payload', JSON.stringify(pairs));
  return `${server.url}/?${query.toString()}`;
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

function toUriPath(file: string): string {
  const forward = file.replaceAll('\\', '/');
  return forward.startsWith('/') ? forward : `/${forward}`;
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
