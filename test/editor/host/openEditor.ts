import { isDeepStrictEqual } from 'node:util';
import type { Page } from 'playwright-core';
import { EditorWindow, type WindowOptions } from './editorWindow.ts';
import type { InsideFunction } from './probeServer.ts';

/** Names of the editor's own themes, as in the setting `workbench.colorTheme` */
const themes = {
  light: 'Light Modern',
  dark: 'Dark Modern',
  hc: 'Default High Contrast',
  hcLight: 'Default High Contrast Light',
} as const;

/** What is opened, and with what */
export interface EditorOptions extends WindowOptions {
  /** Folder, or `.code-workspace` file, to open, absolute; none opens an empty window */
  readonly folder?: string;
  readonly theme?: keyof typeof themes;
  /** User settings, over the quiet ones below */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host, and of the editor itself unless it is `inTurn`; `undefined` takes a variable away */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** 1280 × 800 unless told */
  readonly viewport?: { readonly width: number; readonly height: number };
  /**
   * Whether it opens in the window that an editor before it left, and leaves that for the next one: opening takes half the time
   * then. Who says so calls `closeLeftWindow` in the end
   */
  readonly inTurn?: boolean;
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

/** The window that an editor left for the next one, and what it was started with */
let left: { readonly window: EditorWindow; readonly started: WindowOptions } | undefined;

/** Closes the window that waits for another editor, if one does */
export async function closeLeftWindow(): Promise<void> {
  const window = left?.window;
  left = undefined;
  await window?.close();
}

/** Opens a real editor in a browser without a screen; resolves when its extension host is up */
export async function openEditor({ folder, theme = 'dark', settings, env, viewport = { width: 1280, height: 800 }, inTurn = false, ...started }: EditorOptions): Promise<OpenEditor> {
  const window = (inTurn ? takeLeft(started) : undefined) ?? (await EditorWindow.start(started, inTurn ? {} : env));
  try {
    window.settings = { ...quietSettings, 'workbench.colorTheme': themes[theme], ...settings };
    await window.page.setViewportSize(viewport);
    const url = editorUrl(window.server, folder, window.developed === undefined ? [] : [window.developed], [['extensionEnvironment', JSON.stringify(env ?? {}, orNull)]]);
    await window.load((page) => page.goto(url));
    let closed: Promise<void> | undefined;
    return {
      page: window.page,
      url,
      data: window.data,
      reload: () => window.load((page) => page.reload()),
      runInExtensionHost: (inside, ...args) => window.probe.run(inside, args),
      output: () => window.server.output(),
      // Once, also for who asks twice: another editor may have the window by then
      close: () => (closed ??= inTurn ? leave(window, started) : window.close()),
    };
  } catch (error) {
    await window.close();
    throw error;
  }
}

function takeLeft(started: WindowOptions): EditorWindow | undefined {
  if (!isDeepStrictEqual(left?.started, started)) return undefined;
  const window = left?.window;
  left = undefined;
  return window;
}

async function leave(window: EditorWindow, started: WindowOptions): Promise<void> {
  try {
    await window.clear();
  } catch (error) {
    await window.close();
    throw error;
  }
  await closeLeftWindow();
  left = { window, started };
}

/** What JSON would leave out; the editor takes a variable away that is `null` */
function orNull(_key: string, value: unknown): unknown {
  return value === undefined ? null : value;
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

function toUriPath(file: string): string {
  const forward = file.replaceAll('\\', '/');
  return forward.startsWith('/') ? forward : `/${forward}`;
}
