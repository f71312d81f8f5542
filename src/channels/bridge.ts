import { type ChannelSettings, type ChannelsSettings, defaultChannel } from '../core/policy/channelSettings.ts';
import type { Actor } from '../core/request.ts';
import { type ChannelUser, noChannelFacts } from '../gate/channelState.ts';
import { Emitter } from '../gate/emitter.ts';
import type { Entry } from '../gate/entry.ts';
import { errorText } from '../gate/errorText.ts';
import type { Approval, Disposable } from '../gate/ports.ts';
import { mayAnswer } from './access.ts';
import type { ChannelContext, ChannelPlatform, ChannelState } from './channel.ts';
import type { Listener } from './inbox.ts';
import { Line } from './line.ts';
import { isAlive, makeCode } from './pairing.ts';
import type { BridgePorts } from './ports.ts';
import { Turns } from './turns.ts';

/** Whether something was done, and if not, why, in one sentence */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A channel as people see it, in the panel and in lists */
export interface ChannelOverview {
  readonly id: string;
  readonly settings: ChannelSettings;
  readonly state: ChannelState;
  /** Everybody who is known: paired, revoked, and the last strangers, last seen first */
  readonly users: readonly ChannelUser[];
  /** The pairing code that lives, without the code */
  readonly code?: { readonly expiresAt: number; readonly triesLeft: number };
  /** Questions that are open in chats of this channel */
  readonly openOffers: number;
  /** Messages that wait for an agent */
  readonly waiting: number;
  /** Senders that are over the limit now */
  readonly limited: readonly string[];
}

/** Something a person said that is for an agent */
export interface ChannelMessage {
  /** Names the message for ever; the same message may come again after a crash */
  readonly id: string;
  readonly channel: string;
  readonly platform: ChannelPlatform;
  readonly context: ChannelContext;
  readonly from: { readonly id: string; readonly name?: string };
  /** At most 16,384 characters. It comes from outside: data, and a task only as far as the agent takes tasks from this person */
  readonly text: string;
  readonly forwarded: boolean;
  /** Files that came with it, saved in the workspace; untrusted */
  readonly attachments: readonly { readonly name: string; /** Relative to the workspace */ readonly path: string; readonly bytes: number; readonly provenance: 'channel_attachment' }[];
  /** What the agent gives as `actor` in every request it makes for this message, with its own name put in */
  readonly actor: Actor;
  /** Answers in the chat. Resolves when it was sent; rejects with a sentence where it could not be */
  reply(text: string): Promise<void>;
}

/**
 * The channels of one workspace folder: connects those that are switched on in the policy's settings, lets in whom the settings let
 * in, hands messages to agents and puts the gate's questions to paired people.
 *
 * It follows `settings.channels`; `configure`, `connect` and `disconnect` change them through the gate, within its limit of five
 * changes a minute. Nothing here gives out or takes a token.
 */
export interface ChannelBridge {
  readonly overview: readonly ChannelOverview[];
  /** Sets a channel up, or changes how it is; keys that are absent stay, for a new one they are the defaults. `id`: 1 to 40 of `a-z 0-9 -` */
  configure(id: string, change: Partial<ChannelSettings>, by: string): Promise<Outcome>;
  /** Changes a channel that is set up; `change` sees what the changes before it left, however quickly they follow each other */
  adjust(id: string, change: (now: ChannelSettings) => Partial<Omit<ChannelSettings, 'platform'>>, by: string): Promise<Outcome>;
  /** Takes a channel away, with its people and its code */
  remove(id: string, by: string): Promise<Outcome>;
  /** Switches it on and connects; where it is on already, connects anew (after a new token, or to try at once) */
  connect(id: string, by: string): Promise<Outcome>;
  /** Hangs up at once and switches it off */
  disconnect(id: string, by: string): Promise<Outcome>;
  /** Makes a pairing code; the one before it is dead. The code is given out here and nowhere else */
  generateCode(id: string, by: string): Promise<{ readonly ok: true; readonly code: string; readonly expiresAt: number } | { readonly ok: false; readonly reason: string }>;
  /** Keeps somebody out from now on, in every mode; also takes them off the list of allowed users */
  revoke(id: string, user: string, by: string): Promise<Outcome>;
  /** Ends a lock or a revocation: they are a stranger again, who may pair */
  forgive(id: string, user: string, by: string): Promise<Outcome>;
  /** Says how the connection stands and sends a test message to everybody who is paired */
  test(id: string): Promise<{ readonly ok: boolean; readonly text: string }>;
  /**
   * Gets what people say, also what waits since before; while nobody listens, it is kept. A listener has got a message when it returns;
   * where it throws, the message comes again to the next that listens. Where its promise is rejected later, whoever wrote is told.
   */
  onMessage(listener: (message: ChannelMessage) => void | Promise<void>): Disposable;
  /** Something of `overview` changed */
  readonly onDidChange: (listener: () => void) => Disposable;
  /** Looks again at settings and trust; the store's own changes are followed by themselves */
  follow(): void;
  /** Hangs up everywhere; resolves when what is under way has come to rest */
  dispose(): Promise<void>;
}

/** Opens the bridge of one workspace folder; it connects what is switched on by itself */
export function createBridge(ports: BridgePorts): ChannelBridge {
  const { gate, store, clock, failed } = ports;
  const lines = new Map<string, Line>();
  const listeners = new Set<Listener>();
  const changed = new Emitter<void>(failed);
  /** Hanging up and connecting go one after the other for each channel */
  const switching = new Turns();
  let lastChange: Promise<unknown> = Promise.resolve();
  let closed = false;
  let seen: readonly unknown[] = [];

  /** Open questions of the gate, for channels that are set up later */
  const questions = new Map<string, { readonly approval: Approval; readonly signal: AbortSignal }>();

  const watching = store.onDidChange(follow);
  const asking = gate.attach({
    ask(approval, signal) {
      const question = { approval, signal };
      questions.set(approval.id, question);
      signal.addEventListener('abort', () => {
        if (questions.get(approval.id) === question) questions.delete(approval.id);
      }, { once: true });
      for (const line of lines.values()) line.offers.ask(approval, signal);
    },
  });
  follow();

  function configured(): ChannelsSettings {
    return store.state.settings.channels ?? {};
  }

  function settingsOf(id: string): ChannelSettings | undefined {
    return Object.hasOwn(configured(), id) ? configured()[id] : undefined;
  }

  /** Whether a channel may be connected now */
  function isWanted(id: string): boolean {
    return !closed && ports.trusted() && store.state.closedBecause === undefined && settingsOf(id)?.enabled === true;
  }

  function follow(): void {
    const now = [store.state.settings.channels, store.state.channels, store.state.closedBecause, ports.trusted()];
    if (now.every((part, index) => part === seen[index]) || closed) return;
    const [settingsBefore, , ...standBefore] = seen;
    seen = now;
    if (now[0] !== settingsBefore || standBefore.some((part, index) => part !== now[index + 2])) {
      for (const id of new Set([...Object.keys(configured()), ...lines.keys()])) apply(id);
    }
    for (const line of lines.values()) line.offers.recheck();
    changed.fire();
  }

  /** Brings the connection of a channel to where its settings want it */
  function apply(id: string): void {
    const wanted = isWanted(id);
    const line = lines.get(id);
    if (wanted && line === undefined) open(id);
    else if (line !== undefined) inBackground(switching.run(id, () => settle(id)));
  }

  function open(id: string): Line {
    const line = new Line({ id, ports, listeners, changed: () => changed.fire() });
    lines.set(id, line);
    for (const { approval, signal } of questions.values()) line.offers.ask(approval, signal);
    inBackground(switching.run(id, () => settle(id)));
    return line;
  }

  async function settle(id: string): Promise<void> {
    const line = lines.get(id);
    const settings = settingsOf(id);
    if (line === undefined) return;
    if (isWanted(id) && settings !== undefined) {
      line.connection.start(settings.platform, line.facts().cursor);
      return;
    }
    await line.connection.stop();
  }

  function inBackground(work: Promise<unknown>): void {
    work.catch(failed);
  }

  async function commit(entries: readonly Entry[]): Promise<Outcome> {
    try {
      await store.commit(entries);
      return { ok: true };
    } catch (error) {
      return no(`It could not be recorded, so nothing changed. ${errorText(error)}`);
    }
  }

  /** Each change is made on what the one before it left */
  function changeSettings(change: (all: ChannelsSettings) => ChannelsSettings, by: string): Promise<Outcome> {
    const changing = lastChange.then(() => gate.changeSettings({ channels: change(configured()) }, by));
    lastChange = changing.catch(failed);
    return changing;
  }

  async function configure(id: string, change: Partial<ChannelSettings>, by: string): Promise<Outcome> {
    if (!channelId.test(id)) return no('The id of a channel has 1 to 40 small letters, digits and hyphens.');
    const before = settingsOf(id);
    if (before !== undefined && change.platform !== undefined && change.platform !== before.platform) return no('A channel stays on its platform. Remove it and set up a new one.');
    if (before === undefined) {
      // Nobody comes back with the name of a channel that was taken away without its people
      const left = { ...noChannelFacts, ...(store.state.channels ?? {})[id] };
      const forgotten = left.users.length > 0 || left.code !== undefined || left.inbox.length > 0 ? await commit([{ type: 'channel_removed', channel: id, by }]) : { ok: true as const };
      if (!forgotten.ok) return forgotten;
    }
    return changeSettings((all) => ({ ...all, [id]: { ...(settingsOf(id) ?? defaultChannel(change.platform ?? 'bridge')), ...change } }), by);
  }

  /** Changes how somebody stands, in turn with their attempts to pair */
  function changeUser(id: string, user: string, why: 'revoked' | 'forgiven', by: string, change: (known: ChannelUser) => ChannelUser): Promise<Outcome> {
    const line = lineOf(id);
    return line.pairingTurn(async () => {
      const known = line.user(user);
      return known === undefined ? no('There is no such person on this channel.') : commit([{ type: 'channel_user', channel: id, user: change(known), why, by }]);
    });
  }

  /** A line for what is done with a channel that may not be connected */
  function lineOf(id: string): Line {
    return lines.get(id) ?? open(id);
  }

  return {
    get overview() {
      const now = clock.now();
      return Object.entries(configured()).map(([id, settings]): ChannelOverview => {
        const line = lines.get(id);
        const { users, code, inbox, limited } = line?.facts() ?? { ...noChannelFacts, ...(store.state.channels ?? {})[id] };
        return {
          id,
          settings,
          state: line?.connection.state ?? { state: 'disconnected' },
          users: users.toSorted((a, b) => (b.lastSeenAt ?? b.createdAt) - (a.lastSeenAt ?? a.createdAt)),
          ...(isAlive(code, now) ? { code: { expiresAt: code.expiresAt, triesLeft: Math.min(code.mostTries, settings.pairing.attempts) - code.wrongTries } } : {}),
          openOffers: line?.offers.openCount ?? 0,
          waiting: inbox.length,
          limited: limited.filter(({ until }) => until > now).map(({ user }) => user),
        };
      });
    },
    configure,
    async adjust(id, change, by) {
      if (settingsOf(id) === undefined) return no('There is no such channel.');
      return changeSettings((all) => {
        const now = settingsOf(id);
        return now === undefined ? all : { ...all, [id]: { ...now, ...change(now) } };
      }, by);
    },
    async remove(id, by) {
      if (settingsOf(id) === undefined) return no('There is no such channel.');
      const outcome = await changeSettings((all) => Object.fromEntries(Object.entries(all).filter(([other]) => other !== id)), by);
      if (!outcome.ok) return outcome;
      await switching.run(id, async () => {
        await lines.get(id)?.dispose();
        lines.delete(id);
      });
      return commit([{ type: 'channel_removed', channel: id, by }]);
    },
    async connect(id, by) {
      const settings = settingsOf(id);
      if (settings === undefined) return no('There is no such channel.');
      if (!ports.trusted()) return no('Channels can be connected once you trust this workspace.');
      if (!settings.enabled) return configure(id, { enabled: true }, by);
      inBackground(switching.run(id, async () => {
        await lineOf(id).connection.stop();
        await settle(id);
      }));
      return { ok: true };
    },
    async disconnect(id, by) {
      const settings = settingsOf(id);
      if (settings === undefined) return no('There is no such channel.');
      // Hung up before it is recorded: should that fail, nobody speaks all the same
      await switching.run(id, async () => lines.get(id)?.connection.stop());
      return settings.enabled ? configure(id, { enabled: false }, by) : { ok: true };
    },
    async generateCode(id, by) {
      const settings = settingsOf(id);
      if (settings === undefined) return no('There is no such channel.');
      if (!ports.trusted()) return no('People can be paired once you trust this workspace.');
      return lineOf(id).pairingTurn(async () => {
        const { code, kept } = await makeCode(ports.secrets, settings, clock.now());
        const outcome = await commit([{ type: 'channel_code', channel: id, code: kept, why: 'made', by }]);
        return outcome.ok ? { ok: true, code, expiresAt: kept.expiresAt } : outcome;
      });
    },
    async revoke(id, user, by) {
      const settings = settingsOf(id);
      if (settings === undefined) return no('There is no such channel.');
      const outcome = await changeUser(id, user, 'revoked', by, (known) => ({ ...known, state: 'revoked' }));
      if (!outcome.ok || !settings.allowedUsers.includes(user)) return outcome;
      return configure(id, { allowedUsers: settings.allowedUsers.filter((other) => other !== user) }, by);
    },
    async forgive(id, user, by) {
      if (settingsOf(id) === undefined) return no('There is no such channel.');
      return changeUser(id, user, 'forgiven', by, ({ lockedUntil: _, ...known }) => ({ ...known, state: known.state === 'revoked' ? 'stranger' : known.state, wrongCodes: 0 }));
    },
    async test(id) {
      const settings = settingsOf(id);
      const line = lines.get(id);
      const state = line?.connection.state ?? { state: 'disconnected' };
      if (line === undefined || state.state !== 'connected') return { ok: false, text: stateText(state, clock.now()) };
      const people = line.facts().users.filter((user) => user.direct !== undefined && settings !== undefined && mayAnswer(settings, user, 'direct')).slice(0, 5);
      const sent = await Promise.allSettled(people.map((user) => line.connection.say({ id: user.direct?.id ?? '', ...(user.direct?.thread === undefined ? {} : { thread: user.direct.thread }), context: 'direct' }, 'A test message from the editor.', { user })));
      const reached = sent.filter(({ status }) => status === 'fulfilled').length;
      return { ok: reached === people.length, text: `${stateText(state, clock.now())} Test message sent to ${reached} of ${people.length} paired.` };
    },
    onMessage(listener) {
      const own: Listener = (message) => listener(message);
      listeners.add(own);
      for (const line of lines.values()) line.inbox.handOver();
      return { dispose: () => void listeners.delete(own) };
    },
    onDidChange: changed.event,
    follow,
    async dispose() {
      if (closed) return;
      closed = true;
      watching.dispose();
      asking.dispose();
      await Promise.all([...lines.entries()].map(([id, line]) => switching.run(id, () => line.dispose())));
    },
  };
}

const channelId = /^[a-z0-9-]{1,40}$/;

function stateText(state: ChannelState, now: number): string {
  switch (state.state) {
    case 'connected':
      return `Connected as ${state.as}.`;
    case 'connecting':
      return 'Connecting.';
    case 'waiting':
      return `${state.reason} It tries again in ${Math.max(1, Math.ceil((state.retryAt - now) / 1_000))} s.`;
    case 'failed':
      return state.reason;
    case 'disconnected':
      return 'Not connected.';
  }
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
