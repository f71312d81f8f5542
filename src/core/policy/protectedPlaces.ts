import type { PathAction } from '../action.ts';
import { isGlob, matchSegments, wildcardsOverlap } from '../rules/globMatch.ts';
import type { Place } from './place.ts';
import { pathSegments } from '../rules/ruleIndex.ts';
import { normaliseScope } from '../rules/ruleScope.ts';

/** A place of spec 5. `sealed`: never written or deleted · `guarded`: a write or delete asks, once · `secret`: a read asks */
export interface ProtectedPlace {
  readonly kind: 'sealed' | 'guarded' | 'secret';
  /** As shown in lists and as `pattern` of a reason */
  readonly pattern: string;
  /** What the file is, or what it can do later; completes “…, which ” */
  readonly why: string;
  /** An allowed path may lie in it; outside of those the border of the workspace already denies */
  readonly open?: true;
}

/** Places known by name, wherever they stand: the segments in a row, `*` within one; a place holds all below it */
const byName: readonly ProtectedPlace[] = [
  sealed('.cowork', 'holds this product’s own rules and record'),
  sealed('.git/hooks', 'git runs at later commands'),
  sealed('.git/config', 'can make git run programs'),
  sealed('.git/config.worktree', 'can make git run programs'),
  sealed('.git/modules', 'holds the settings and hooks of submodules'),
  guarded('.git', 'can point git at another repository and its hooks'),
  guarded('.vscode/settings.json', 'can switch off approvals and start programs in the editor'),
  guarded('.vscode/tasks.json', 'can run commands when the folder is opened'),
  guarded('.vscode/launch.json', 'can run commands when debugging starts'),
  guarded('.vscode/mcp.json', 'can start programs as tool servers'),
  guarded('*.code-workspace', 'can change editor settings and start programs'),
  guarded('.claude', 'can give agents more rights or run commands'),
  guarded('.codex', 'can give agents more rights or run commands'),
  guarded('.cursor', 'can give agents more rights or run commands'),
  guarded('.gemini', 'can give agents more rights or run commands'),
  guarded('.qwen', 'can give agents more rights or run commands'),
  guarded('.opencode', 'can give agents more rights or run commands'),
  guarded('.mcp.json', 'can start programs as tool servers'),
  guarded('.github/hooks', 'can run commands around an agent’s work'),
  guarded('.github/workflows', 'runs on the build server with its secrets'),
  guarded('.env*', 'sets variables and keys that programs read at start'),
  guarded('.envrc', 'runs in the shell when the folder is entered'),
  ...['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.bash_aliases', '.profile', '.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout', '.kshrc', '.cshrc', '.tcshrc', '.inputrc',
  ].map((name) => guarded(name, 'runs in every new shell')),
  guarded('.config/fish', 'runs in every new shell'),
  guarded('profile.ps1', 'runs in every new shell'),
  guarded('*_profile.ps1', 'runs in every new shell'),
  secret('.env*', 'may hold keys and passwords'),
  secret('.envrc', 'may hold keys and passwords'),
  ...['id_rsa', 'id_dsa', 'id_ecdsa', 'id_ecdsa_sk', 'id_ed25519', 'id_ed25519_sk', '*.pem', '*.key', '*.p12', '*.pfx', '*.jks', '*.keystore', '*.ppk', '*.kdbx',
  ].map((name) => secret(name, 'may hold a private key')),
  ...['.netrc', '_netrc', '.npmrc', '.yarnrc.yml', '.pypirc', '.git-credentials', '.pgpass', '.my.cnf', '.vault-token', '.htpasswd', '.s3cfg', '.boto', 'credentials', 'credentials.json', 'credentials.toml',
    'credentials.tfrc.json', 'application_default_credentials.json', 'service-account*.json', 'secrets.json', 'secrets.yml', 'secrets.yaml', 'secrets.toml', '.aws', '.azure', '.gnupg', '.ssh', '.password-store', '.docker/config.json', '.kube/config', '.config/gh', '.config/gcloud', '.config/op', '.config/rclone',
  ].map((name) => secret(name, 'may hold credentials')),
];

/** Places below the user's home */
const belowHome: readonly ProtectedPlace[] = [
  ...['.ssh', '.aws', '.azure', '.gnupg', '.kube', '.docker/config.json', '.netrc', '_netrc', '.npmrc', '.pypirc', '.git-credentials', '.pgpass', '.my.cnf', '.vault-token', '.password-store', '.terraform.d', '.gem/credentials', '.cargo/credentials', '.cargo/credentials.toml', '.config/gh', '.config/gcloud', '.config/op', '.config/rclone', '.config/git/credentials', '.local/share/keyrings', 'Library/Keychains', 'AppData/Roaming/Microsoft/Credentials', 'AppData/Local/Microsoft/Credentials', 'AppData/Roaming/Microsoft/Protect', 'AppData/Local/Microsoft/Vault',
  ].map((name) => sealed(`~/${name}`, 'holds keys and credentials')),
  ...['.config/cowork-policy', 'Library/Application Support/cowork-policy', 'AppData/Roaming/cowork-policy'].flatMap((name) => [sealed(`~/${name}`, 'holds this product’s own rules and keys'), secret(`~/${name}`, 'holds this product’s own keys')]),
  guarded('~/.gitconfig', 'can make git run programs'),
  guarded('~/.config/git', 'can make git run programs'),
  guarded('~/.config/Code/User', 'can switch off approvals and start programs in the editor'),
  guarded('~/Library/Application Support/Code/User', 'can switch off approvals and start programs in the editor'),
  guarded('~/AppData/Roaming/Code/User', 'can switch off approvals and start programs in the editor'),
  guarded('~/.config/autostart', 'starts with the session'),
  guarded('~/.config/systemd', 'starts with the session'),
  guarded('~/Library/LaunchAgents', 'starts with the session'),
  secret('~/.local/share/keyrings', 'holds credentials'),
  secret('~/Library/Keychains', 'holds credentials'),
  secret('~/.mozilla', 'holds stored passwords'),
  secret('~/.config/google-chrome', 'holds stored passwords'),
  secret('~/.config/chromium', 'holds stored passwords'),
];

/** Folders of the system that stay closed also where other paths are allowed (cowork-facts 1.13 and its deviation 31) */
const closedSystem = ['/System', '/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc', '/boot', '/dev', '/proc', '/sys', '/run', 'C:/Windows', 'C:/Program Files', 'C:/Program Files (x86)', 'C:/ProgramData'];
/** Folders of the system or of other users in which an allowed path may lie */
const openSystem = ['/Library', '/var', '/private', '/opt', '/root', '/home', '/Users', '/srv', 'C:/Users'];

/** Folders in system ones that everybody writes to; the border of the workspace is what keeps tools out of them */
const worldTemporary = ['/var/tmp', '/private/tmp', '/private/var/tmp'];

const secretFiles: readonly ProtectedPlace[] = ['/etc/shadow', '/etc/gshadow', '/etc/sudoers', '/etc/ssh', '/etc/ssl/private', '/proc/*/environ', '/run/secrets'].map((path) => secret(path, 'may hold keys and passwords'));

function sealed(pattern: string, why: string): ProtectedPlace {
  return { kind: 'sealed', pattern, why };
}
function guarded(pattern: string, why: string): ProtectedPlace {
  return { kind: 'guarded', pattern, why };
}
function secret(pattern: string, why: string): ProtectedPlace {
  return { kind: 'secret', pattern, why };
}

/** The built-in lists, for people to read (spec 5: both lists are data) */
export const builtInPlaces: readonly ProtectedPlace[] = [
  ...byName,
  ...belowHome,
  ...[...closedSystem, ...openSystem].map((path) => sealed(path, 'belongs to the system or to another user')),
  ...secretFiles,
];

/** What an action runs into; a place that lies below it where `below` is set */
export interface PlaceHit {
  readonly place: ProtectedPlace;
  readonly below?: boolean;
}

interface NamedEntry {
  readonly place: ProtectedPlace;
  readonly segments: readonly string[];
}

interface FixedEntry extends NamedEntry {
  /** Folders in which the place does not hold: workspace, home, temporary and allowed folders inside a system folder */
  readonly except: readonly (readonly string[])[];
}

interface FixedNode {
  readonly children: Map<string, FixedNode>;
  /** Under `*`: any one name */
  any?: FixedNode;
  readonly entries: FixedEntry[];
}

/** Protected places made ready for one workspace */
export class ProtectedPlaces {
  /** First segment of a named place → places; all in lower case */
  readonly #names = new Map<string, NamedEntry[]>();
  /** Extension → places of one segment `*.ext` */
  readonly #extensions = new Map<string, NamedEntry[]>();
  /** Named places whose first segment holds another wildcard */
  readonly #wild: NamedEntry[] = [];
  /** All of them; `plain`: the first segment is a plain name */
  readonly #named: (NamedEntry & { readonly plain: boolean })[] = [];
  /** Absolute places in a tree of segments */
  readonly #fixed: FixedNode = { children: new Map(), entries: [] };
  readonly #fixedEntries: FixedEntry[] = [];
  /** What a user added: globs over all segments */
  readonly #added: NamedEntry[] = [];
  readonly #workspace: readonly string[];

  constructor(place: Place, allowedPaths: readonly string[], added: { readonly sealed: readonly string[]; readonly guarded: readonly string[] }) {
    this.#workspace = lowerSegments(place.workspace);
    for (const entry of byName) this.#addNamed(entry);
    for (const entry of belowHome) this.#addFixed(entry, `${place.home}/${entry.pattern.slice(2)}`, []);
    for (const home of ['/root', '/home/*', '/Users/*']) {
      this.#addFixed(sealed(`${home}/.ssh`, 'holds keys and credentials'), `${home}/.ssh`, []);
    }
    if (place.userFolder !== undefined) {
      this.#addFixed(sealed(place.userFolder, 'holds this product’s own rules and keys'), place.userFolder, []);
      this.#addFixed(secret(place.userFolder, 'holds this product’s own keys'), place.userFolder, []);
    }
    const own = [place.workspace, place.home, place.temporary, ...worldTemporary];
    for (const path of closedSystem) this.#addFixed(sealed(path, 'belongs to the system'), path, own);
    for (const path of openSystem) this.#addFixed({ ...sealed(path, 'belongs to the system or to another user'), open: true }, path, [...own, ...allowedPaths]);
    for (const entry of secretFiles) this.#addFixed(entry, entry.pattern, []);
    for (const pattern of added.sealed) this.#addOwn(sealed(pattern, 'you sealed'), place);
    for (const pattern of added.guarded) this.#addOwn(guarded(pattern, 'you asked to guard'), place);
  }

  #addNamed(place: ProtectedPlace): void {
    const segments = lowerSegments(place.pattern);
    const entry = { place, segments, plain: /^[\w.-]+$/.test(segments[0] ?? '') };
    this.#named.push(entry);
    const first = entry.segments[0] ?? '';
    if (!isGlob(first)) {
      pushTo(this.#names, first, entry);
    } else if (/^\*\.[^*?.]+$/.test(first) && entry.segments.length === 1) {
      pushTo(this.#extensions, first.slice(2), entry);
    } else {
      this.#wild.push(entry);
    }
  }

  #addFixed(place: ProtectedPlace, path: string, except: readonly string[]): void {
    const segments = lowerSegments(path);
    const inside = except.map(lowerSegments).filter((folder) => folder.length >= segments.length && startsWith(folder, segments));
    const entry = { place, segments, except: inside };
    this.#fixedEntries.push(entry);
    let node = this.#fixed;
    for (const segment of segments) {
      let next = segment === '*' ? node.any : node.children.get(segment);
      if (next === undefined) {
        next = { children: new Map(), entries: [] };
        if (segment === '*') node.any = next;
        else node.children.set(segment, next);
      }
      node = next;
    }
    node.entries.push(entry);
  }

  #addOwn(place: ProtectedPlace, where: Place): void {
    const bare = !/[/\\]/.test(place.pattern) && place.pattern !== '~';
    const { scope } = normaliseScope({ kind: 'path', path: bare ? `/**/${place.pattern}` : place.pattern }, where);
    if (scope?.kind === 'path') this.#added.push({ place, segments: lowerSegments(scope.path) });
  }

  /** The protected place that a write or delete of this path runs into, the strictest one first; segments as of `pathSegments` */
  forChange(action: PathAction, segments: readonly string[]): PlaceHit | undefined {
    const lower = lowerCaseOf(action.path, segments);
    let found: PlaceHit | undefined;
    const consider = (place: ProtectedPlace): boolean => {
      if (place.kind === 'secret') return false;
      if (found === undefined || (place.kind === 'sealed' && found.place.kind !== 'sealed')) found = { place };
      return place.kind === 'sealed';
    };
    this.#at(lower, action, consider);
    if (found?.place.kind === 'sealed') return found;
    if (action.recursive === true) return this.#below(lower, action) ?? found;
    return found;
  }

  /** The secret that a read of this path reads */
  forRead(action: PathAction, segments: readonly string[]): PlaceHit | undefined {
    const lower = lowerCaseOf(action.path, segments);
    let found: PlaceHit | undefined;
    this.#at(lower, action, (place) => {
      if (place.kind !== 'secret') return false;
      found = { place };
      return true;
    });
    if (found !== undefined && isPublic(lower)) return undefined;
    if (found === undefined && action.recursive === true) {
      for (const entry of this.#fixedEntries) {
        if (entry.place.kind === 'secret' && entry.segments.length > lower.length && startsWith(entry.segments, lower)) return { place: entry.place, below: true };
      }
    }
    return found;
  }

  /** Calls `consider` with each place that the path is or lies in, until it returns true */
  #at(lower: readonly string[], action: PathAction, consider: (place: ProtectedPlace) => boolean): void {
    if (action.glob === true) return this.#atGlob(lower, consider);
    for (let index = 0; index < lower.length; index++) {
      const segment = lower[index] ?? '';
      const named = this.#names.get(segment);
      if (named !== undefined) {
        for (const entry of named) if (follows(lower, index, entry.segments) && consider(entry.place)) return;
      }
      if (segment.charCodeAt(0) === 0x2e && segment.startsWith('.env')) {
        for (const entry of this.#wild) if (follows(lower, index, entry.segments) && consider(entry.place)) return;
        continue;
      }
      const dot = segment.lastIndexOf('.');
      if (dot >= 0) {
        const byExtension = this.#extensions.get(segment.slice(dot + 1));
        if (byExtension !== undefined) for (const entry of byExtension) if (consider(entry.place)) return;
      }
      if (segment.endsWith('_profile.ps1') || segment.startsWith('service-account')) {
        for (const entry of this.#wild) if (follows(lower, index, entry.segments) && consider(entry.place)) return;
      }
    }
    if (atFixed(this.#fixed, lower, 0, consider)) return;
    for (const entry of this.#added) if (matchSegments(entry.segments, lower).covers && consider(entry.place)) return;
  }

  #atGlob(lower: readonly string[], consider: (place: ProtectedPlace) => boolean): void {
    const bare = lower.map((segment) => /^[*?]+$/.test(segment));
    // A plain name meets no other plain name: most pairs end here
    const plain = lower.map((segment) => /^[\w.-]+$/.test(segment));
    for (const entry of this.#named) {
      const first = entry.segments[0] ?? '';
      for (let index = 0; index < lower.length; index++) {
        if (plain[index] === true && entry.plain && lower[index] !== first) continue;
        if (bare[index] === false && couldFollow(lower, index, entry.segments) && consider(entry.place)) return;
      }
    }
    for (const entry of this.#fixedEntries) {
      if (couldFollow(lower, 0, entry.segments) && !entry.except.some((folder) => startsWith(lower, folder)) && consider(entry.place)) return;
    }
    for (const entry of this.#added) if (couldMeet(entry.segments, lower) && consider(entry.place)) return;
  }

  /** What a recursive change of a folder would change below it */
  #below(lower: readonly string[], action: PathAction): PlaceHit | undefined {
    let hit: PlaceHit | undefined;
    const last = lower.at(-1);
    for (const entry of this.#named) {
      if (entry.place.kind === 'secret' || entry.segments.length < 2 || entry.segments[0] !== last) continue;
      if (hit === undefined || entry.place.kind === 'sealed') hit = { place: entry.place, below: true };
      if (entry.place.kind === 'sealed') break;
    }
    if (hit?.place.kind === 'sealed') return hit;
    const containsWorkspace = startsWith(this.#workspace, lower) || (action.glob === true && couldFollow(lower, 0, this.#workspace));
    if (containsWorkspace && this.#workspace.length >= lower.length) {
      const place = action.kind === 'delete' || this.#workspace.length > lower.length ? sealed('.cowork', 'holds this product’s own rules and record') : guarded('.git/hooks', 'git runs at later commands');
      return { place, below: true };
    }
    for (const entry of this.#fixedEntries) {
      if (entry.place.kind === 'sealed' && entry.segments.length > lower.length && startsWith(entry.segments, lower)) return { place: entry.place, below: true };
    }
    // A bare name may lie below any folder; like the built-in names it counts where it is met, not where it might be
    for (const entry of this.#added) if (entry.segments[0] !== '**' && matchSegments(entry.segments, lower).leads) return { place: entry.place, below: true };
    return hit;
  }
}

/** Calls `consider` with the absolute places on the way of the path; true when it had enough */
function atFixed(node: FixedNode, lower: readonly string[], depth: number, consider: (place: ProtectedPlace) => boolean): boolean {
  for (const entry of node.entries) if (!entry.except.some((folder) => startsWith(lower, folder)) && consider(entry.place)) return true;
  const segment = lower[depth];
  if (segment === undefined) return false;
  const child = node.children.get(segment);
  if (child !== undefined && atFixed(child, lower, depth + 1, consider)) return true;
  return node.any !== undefined && atFixed(node.any, lower, depth + 1, consider);
}

/** A public key or a list of known hosts beside private ones holds no secret */
function isPublic(lower: readonly string[]): boolean {
  const name = lower.at(-1) ?? '';
  return name.endsWith('.pub') || name === 'known_hosts';
}

function pushTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** The segments in lower case; mostly they are already, which one look at the path tells */
function lowerCaseOf(path: string, segments: readonly string[]): readonly string[] {
  return path.toLowerCase() === path ? segments : segments.map(lowerCase);
}

/** Protected names are compared without regard to case on every platform: `.GIT/hooks` is one file on many disks */
function lowerSegments(path: string): readonly string[] {
  return pathSegments(path, { platform: 'linux' }).map(lowerCase);
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  if (path.length < start.length) return false;
  for (let index = 0; index < start.length; index++) if (path[index] !== start[index]) return false;
  return true;
}

/** Whether the place's segments stand in the path from `from` on */
function follows(path: readonly string[], from: number, place: readonly string[]): boolean {
  if (path.length - from < place.length) return false;
  for (let index = 0; index < place.length; index++) {
    const wanted = place[index] ?? '';
    const given = path[from + index] ?? '';
    if (wanted !== given && !(isGlob(wanted) && wildcardsOverlap(wanted, given))) return false;
  }
  return true;
}

/** The same where the path's segments hold wildcards of a shell, which leave names that start with a dot out unless spelled */
function couldFollow(path: readonly string[], from: number, place: readonly string[]): boolean {
  if (path.length - from < place.length) return false;
  for (let index = 0; index < place.length; index++) if (!couldName(path[from + index] ?? '', place[index] ?? '')) return false;
  return true;
}

function couldName(pattern: string, name: string): boolean {
  if (!isGlob(pattern)) return pattern === name || (isGlob(name) && wildcardsOverlap(name, pattern));
  if (name.startsWith('.') && /^[*?]/.test(pattern)) return false;
  return wildcardsOverlap(pattern, name);
}

function couldMeet(place: readonly string[], path: readonly string[]): boolean {
  for (let index = 0; index < place.length && index < path.length; index++) {
    if (place[index] === '**') return place.slice(index + 1).every((part, offset, rest) => couldName(path[path.length - rest.length + offset] ?? '', part));
    if (!couldName(path[index] ?? '', place[index] ?? '')) return false;
  }
  return place.length <= path.length;
}
