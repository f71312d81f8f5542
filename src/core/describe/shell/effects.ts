import type { NetworkAction, PathAction } from '../../action.ts';
import { readHost } from '../host.ts';
import { readAddress } from '../network.ts';
import { isInside, readPath } from '../path.ts';
import type { Surroundings } from '../../surroundings.ts';
import type { CommandReading, Effect, FileEffect, NetworkEffect } from './command.ts';
import type { ExecDraft } from './line.ts';
import { doubt, worsen } from './line.ts';
import { isInWorkspace } from './programWord.ts';
import type { Scope } from './scope.ts';

/** The command that effects stem from, and where its words start in its `argv` */
export interface Owner {
  readonly exec: ExecDraft;
  readonly index: number;
  /** Position in `argv` of the first word that effects count from */
  readonly at: number;
}

/** Turns an effect of the table into actions of the line */
export function emit(effect: Effect, scope: Scope, owner: Owner, uncertain?: string): void {
  switch (effect.kind) {
    case 'unknown':
      doubt(owner.exec, effect.why);
      return;
    case 'fetch':
    case 'export':
      emitNetwork(effect, scope, owner, uncertain);
      return;
    default:
      emitPath(effect, scope, owner, uncertain);
  }
}

/** The folder a command runs in, where it takes something from it and that is not, or not for certain, in the workspace */
export function emitFolder({ here }: Pick<CommandReading, 'here'>, scope: Scope, owner: Owner, uncertain?: string): void {
  if (here === undefined || isInWorkspace(scope)) return;
  emitPath({ kind: 'read', text: '.', recursive: true, namedAt: Infinity, ...(here === 'trusts' ? { confined: true } : undefined) }, scope, owner, uncertain);
}

/** An effect on a file nobody can name */
export function emitUnknown(target: string, why: string, scope: Scope): void {
  if (scope.fold !== undefined) doubt(scope.fold.exec, why);
  else scope.line.add({ kind: 'unknown', target, uncertain: why });
}

/** Standard streams and the null device: no file is touched */
const streams = /^\/dev\/(?:null|zero|full|random|urandom|stdin|stdout|stderr|tty|fd(?:\/\d+)?)$|^\/proc\/self\/fd\/[012]$/;
const sockets = /^\/dev\/(?:tcp|udp)\/([^/]*)\/?([^/]*)/;
const devices = /^\/dev\/(?:sd|hd|vd|xvd|nvme|mmcblk|disk|rdisk|loop|dm-|md\d|mapper\/|mem$|kmem$|port$|nbd|sr\d|block\/)/;

/** Where in the owner's `argv` an effect is named */
function namedIn(owner: Owner | undefined, scope: Scope, namedAt: number): { owner?: number; namedAt?: number } {
  if (scope.fold !== undefined) return { owner: scope.fold.owner, namedAt: scope.fold.namedAt };
  return owner === undefined ? { namedAt: Infinity } : { owner: owner.index, namedAt: owner.at + namedAt };
}

export function emitPath(effect: FileEffect, scope: Scope, owner: Owner | undefined, uncertain?: string): void {
  const { line, state } = scope;
  const { surroundings } = line;
  const { text } = effect;
  if (text === '' || streams.test(text)) return;
  const why = uncertain ?? scope.guessed;
  const named = namedIn(owner, scope, effect.namedAt);
  const socket = sockets.exec(text);
  if (socket !== null) {
    const found = readHost(socket[1] ?? '');
    const port = Number(socket[2]);
    line.add({
      kind: 'export', target: text, scheme: text.startsWith('/dev/udp') ? 'udp' : 'tcp', ...named,
      ...(found.ok ? { host: found.host, hostClass: found.hostClass, ...(found.marks && { marks: found.marks }) } : { uncertain: found.why }),
      ...(Number.isInteger(port) && port > 0 ? { port } : undefined),
    });
    return;
  }
  for (const folder of state.folders ?? [surroundings.workspace]) {
    const base = effect.base === undefined ? folder : placed(effect.base, folder, surroundings);
    const relative = !/^(?:[/~\\]|file:|[A-Za-z]:)/.test(text) && (effect.base === undefined || !/^[/~]/.test(effect.base));
    // a set of characters matches one: what reads paths knows `*` and `?` only
    const spelled = effect.glob === true ? text.replace(/\[[!^]?\]?[^\]/]*\]/g, '?') : text;
    const reading = base === undefined ? ({ ok: false, why: 'The folder is not known.' } as const) : readPath(spelled, base, surroundings);
    const path = reading.ok ? reading.path : (reading.guess ?? text);
    const doubtful = why
      ?? (reading.ok ? undefined : reading.why)
      ?? (state.folders === null && relative ? 'The folder it runs in is not known.' : undefined)
      ?? (isRemade(path, reading.ok ? reading.named : undefined, scope) ? 'It goes through a name that this line makes, which may be a link.' : undefined);
    const action: PathAction = {
      kind: effect.kind, target: path, path, ...named,
      ...(path === text ? undefined : { asked: text }),
      ...(effect.recursive === true ? { recursive: true } : undefined),
      ...(effect.glob === true ? { glob: true } : undefined),
      ...(reading.ok && reading.throughLink ? { throughLink: true } : undefined),
      ...(doubtful === undefined ? undefined : { uncertain: doubtful }),
      ...guardrailOf(effect, path, surroundings),
    };
    line.add(action);
    if (effect.confined === true && owner !== undefined && !(reading.ok && isInside(path, surroundings.workspace, surroundings.platform))) {
      worsen(owner.exec, 'other', named.namedAt ?? Infinity);
    }
  }
}

function placed(base: string, folder: string, surroundings: Surroundings): string | undefined {
  const reading = readPath(base, folder, surroundings);
  return reading.ok ? reading.path : undefined;
}

function isRemade(path: string, named: string | undefined, scope: Scope): boolean {
  const { platform } = scope.line.surroundings;
  return scope.state.remade.some((made) => made === '/' || isInside(path, made, platform) || (named !== undefined && isInside(named, made, platform)));
}

function guardrailOf(effect: FileEffect, path: string, surroundings: Surroundings): Pick<PathAction, 'guardrail'> | undefined {
  if (effect.kind === 'delete' && effect.recursive === true && effect.some !== true) {
    const root = driveDeleted.exec(effect.text)?.[0] ?? rootDeleted(path, effect.glob === true, surroundings);
    if (root !== undefined) return { guardrail: { id: 'destructive_deletion', summary: `It would delete everything in ${root}.` } };
  }
  if (effect.kind !== 'read' && devices.test(path)) return { guardrail: { id: 'device_write', summary: 'It would overwrite a device.' } };
  return undefined;
}

/** A Windows drive, its system or its users as a whole */
const driveDeleted = /^[A-Za-z]:[\\/]?(?:(?:windows|users|program files[^\\/]*)[\\/]?)?\*?(?:\.\*)?$/i;

/**
 * The root, home or workspace that a recursive deletion of `path` would take with it (spec 4), if any. With `glob`, a last
 * part made of wildcards alone stands for everything in its folder.
 */
function rootDeleted(path: string, glob: boolean, { workspace, home, platform }: Surroundings): string | undefined {
  let whole = path;
  if (glob) {
    const parts = path.split('/');
    while (parts.length > 1 && /^(?:[*?.]|\[[^\]]*\])+$/.test(parts.at(-1) ?? '') && /[*?[]/.test(parts.at(-1) ?? '')) parts.pop();
    if (parts.join('/') === path) return undefined;
    whole = parts.join('/') || '/';
  }
  if (whole === '/' || /^[A-Z]:\/?$/.test(whole)) return whole;
  if (isInside(workspace, whole, platform)) return 'the workspace';
  return isInside(home, whole, platform) ? 'the home folder' : undefined;
}

/** Programs whose answer is whatever the other side sends */
const downloaders = new Set(['curl', 'wget', 'fetch', 'aria2c', 'http', 'https', 'xh', 'curlie', 'axel', 'lynx', 'w3m', 'links', 'elinks', 'lwp-request', 'GET', 'POST', 'nc', 'ncat', 'netcat', 'socat', 'telnet', 'ftp', 'tftp', 'iwr', 'irm', 'invoke-webrequest', 'invoke-restmethod']);

function emitNetwork(effect: NetworkEffect, scope: Scope, owner: Owner, uncertain: string | undefined): void {
  const { line, state } = scope;
  const why = uncertain ?? scope.guessed;
  const named = namedIn(owner, scope, effect.namedAt);
  if (effect.download === true || downloaders.has(owner.exec.readings.at(-1)?.[0] ?? '')) line.downloads += 1;
  const address = effect.text === undefined ? undefined : readAddress(effect.text, effect.method);
  const source = effect.source === undefined ? undefined : readPath(effect.source, state.folders?.[0] ?? line.surroundings.workspace, line.surroundings);
  const doubtful = why ?? address?.uncertain ?? (address === undefined && effect.provider === undefined ? 'Where it connects to is not known.' : undefined);
  const action: NetworkAction = {
    target: effect.provider ?? owner.exec.target,
    ...address, ...named,
    // an address that carries data makes an export of a fetch, never the other way
    kind: effect.kind === 'export' ? 'export' : (address?.kind ?? 'fetch'),
    ...(effect.method === undefined ? undefined : { method: effect.method }),
    ...(effect.provider === undefined ? undefined : { provider: effect.provider }),
    ...(source?.ok === true ? { source: source.path } : undefined),
    ...(doubtful === undefined ? undefined : { uncertain: doubtful }),
  };
  line.add(action);
}
