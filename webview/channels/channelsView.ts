import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { channelNumbers, restrictableGroups, securityModes, type ChannelCard, type ChannelChange, type ChannelNumber, type ChannelPerson, type ChannelsSlice, type ContextName, type RestrictableGroup, type SecurityMode } from '../../src/shared/channels.ts';
import { visible } from '../../src/shared/visible.ts';
import { bySwitching, standing } from '../checkbox.ts';
import { onEnter } from '../onEnter.ts';
import { SectionView } from '../sectionView.ts';
import { shortTime } from '../shortTime.ts';

/** A code as it was made here; nobody else ever gets to see it */
interface MadeCode {
  readonly code: string;
  readonly expiresAt: number;
}

/** Who may speak to agents from outside, channel by channel */
export class ChannelsView extends SectionView<'channels'> {
  static override properties = { ...SectionView.properties, codes: { state: true }, now: { state: true } };
  declare codes: ReadonlyMap<string, MadeCode>;
  /** Drives the countdown of a code */
  declare now: number;
  private ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.codes = new Map();
    this.now = Date.now();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stopTicking();
  }

  protected drawn({ channels, waitsForTrust, messages }: ChannelsSlice): TemplateResult {
    return html`
      ${waitsForTrust && channels.length > 0 ? html`<p class="notice warn"><span class="sign" aria-hidden="true">!</span>${t('The workspace is not trusted, so no channel is connected.')}</p>` : nothing}
      ${channels.length === 0 ? html`
        <p class="empty">${t('No channel is set up.')}</p>
        <p>${t('A channel is a chat through which people reach your agents from outside: Telegram, Discord, Slack, or a gateway of your own. You choose who may speak, and a paired person can answer an agent’s question from their phone.')}</p>` : nothing}
      <div class="row"><vscode-button data-action="add" @click=${() => void this.panel.change('addChannel', {})}>${t('Add a Channel…')}</vscode-button></div>
      ${channels.map((channel) => this.card(channel))}
      ${channels.length === 0 ? nothing : html`<section aria-labelledby="messages">
        <h2 id="messages">${t('Recent messages')}</h2>
        ${messages.length === 0 ? html`<p class="empty">${t('Nothing was said yet.')}</p>` : html`<ol class="messages">${messages.map(({ at, channel, direction, who, text }) => html`<li class=${direction}>
          <span class="detail">${shortTime(at)} · ${channel} · ${direction === 'incoming' ? t('from {0}', who) : t('to {0}', who)}</span><span class="said">${text}</span></li>`)}</ol>`}
      </section>`}`;
  }

  private card(channel: ChannelCard): TemplateResult {
    const { id, platform, state, enabled } = channel;
    const [sign, word] = { pass: ['✓', t('Connected')], warn: ['!', t('Look')], fail: ['✕', t('Failed')] }[state.sign];
    return html`<section class="card channel" data-channel=${id} aria-labelledby="channel-${id}">
      <h2 id="channel-${id}">${id}</h2>
      <p class=${state.sign}><span class="sign" role="img" aria-label=${word ?? ''}>${sign}</span> ${platform} · <span data-part="state">${state.text}</span></p>
      ${channel.waiting === 0 ? nothing : html`<p>${channel.waiting === 1 ? t('One message waits for an agent.') : t('{0} messages wait for an agent.', channel.waiting)}</p>`}
      ${channel.limited === 0 ? nothing : html`<p class="warn"><span class="sign" aria-hidden="true">!</span> ${channel.limited === 1 ? t('One sender is over the limit of messages.') : t('{0} senders are over the limit of messages.', channel.limited)}</p>`}
      <div class="row">
        <vscode-button appearance="secondary" data-action="switch" @click=${() => this.switchOn(id, !enabled)}>${enabled ? t('Disconnect') : t('Connect')}</vscode-button>
        <vscode-button appearance="secondary" data-action="test" ?disabled=${!enabled} @click=${() => void this.test(id)}>${t('Test')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => void this.panel.change('changeToken', { channel: id })}>${t('Change Token…')}</vscode-button>
        <vscode-button appearance="secondary" @click=${() => void this.panel.change('removeChannel', { channel: id })}>${t('Remove…')}</vscode-button>
      </div>
      ${this.access(channel)}${this.pairing(channel)}${this.people(channel)}
      <details><summary>${t('Direct messages and groups')}</summary>${this.contexts(channel)}</details>
      <details><summary>${t('Questions of agents')}</summary>${this.questions(channel)}</details>
      <details><summary>${t('Codes and attachments')}</summary>${this.numbers(channel)}</details>
    </section>`;
  }

  private access({ id, securityMode, allowedUsers }: ChannelCard): TemplateResult {
    return html`<fieldset class="choices"><legend>${t('Who may speak')}</legend>
      ${securityModes.map((mode) => html`<label><input type="radio" name="mode-${id}" .checked=${live(mode === securityMode)} @change=${() => this.set(id, { securityMode: mode })}>
        <span><strong>${modeName(mode)}</strong> <span class="detail">${modeEffect(mode)}</span></span></label>`)}
    </fieldset>
    ${securityMode === 'open' ? html`<p class="notice warn"><span class="sign" aria-hidden="true">!</span>${t('Everybody who finds the bot can give your agents tasks.')}</p>` : nothing}
    ${securityMode === 'allowlist' ? html`<p>${t('Let in by their id on the platform:')}</p>
      ${allowedUsers.length === 0 ? html`<p class="empty">${t('Nobody yet.')}</p>` : html`<ul class="list">${allowedUsers.map((user) => html`<li><code>${visible(user)}</code>
        <vscode-button appearance="secondary" aria-label=${t('Take {0} off', visible(user))} @click=${() => this.set(id, { allowed: { user, on: false } })}>${t('Remove')}</vscode-button></li>`)}</ul>`}
      <div class="row"><vscode-text-field name="allow-${id}" size="24" @keydown=${onEnter(() => this.allow(id, allowedUsers))}>${t('Id of a person')}</vscode-text-field>
        <vscode-button appearance="secondary" @click=${() => void this.allow(id, allowedUsers)}>${t('Add')}</vscode-button></div>` : nothing}`;
  }

  private pairing({ id, code }: ChannelCard): TemplateResult {
    const made = this.codes.get(id);
    const shown = made !== undefined && made.expiresAt > this.now && code?.expiresAt === made.expiresAt ? made : undefined;
    return html`<div class="row pairing">
      <vscode-button data-action="code" @click=${() => void this.makeCode(id)}>${t('Generate Pairing Code')}</vscode-button>
      ${shown === undefined ? nothing : html`<code class="code" aria-label=${t('Pairing code {0}', [...shown.code].join(' '))}>${shown.code}</code>
        <vscode-button appearance="secondary" @click=${() => void this.panel.change('copyText', { text: `/pair ${shown.code}` }, { said: t('Copied.') })}>${t('Copy')}</vscode-button>`}
      <span role="timer" class="detail">${code === undefined || code.expiresAt <= this.now ? nothing : t('Works once, for {0} more; {1} tries left.', clockText(code.expiresAt - this.now), code.triesLeft)}</span>
    </div>
    ${shown === undefined ? nothing : html`<p class="detail">${t('Whoever sends “/pair {0}” to the bot is let in.', shown.code)}</p>`}`;
  }

  private people({ id, users }: ChannelCard): TemplateResult {
    return html`<h3>${t('People')}</h3>
      ${users.length === 0 ? html`<p class="empty">${t('Nobody has written yet.')}</p>` : html`<ul class="list people">${users.map((person) => this.person(id, person))}</ul>`}`;
  }

  private person(channel: string, { id, name, standing: stands, detail }: ChannelPerson): TemplateResult {
    const word = { paired: t('paired'), revoked: t('kept out'), stranger: t('not paired'), locked: t('locked after wrong codes') }[stands];
    const out = stands === 'revoked' || stands === 'locked';
    return html`<li data-person=${id}><span class="who"><strong>${name}</strong> <code>${id}</code> <span class="detail">${word}${detail === '' ? '' : ` · ${detail}`}</span></span>
      ${out
        ? html`<vscode-button appearance="secondary" aria-label=${t('Let Try Again: {0}', name)} @click=${() => void this.panel.change('forgivePerson', { channel, user: id }, { said: t('{0} may pair again.', name) })}>${t('Let Try Again')}</vscode-button>`
        : html`<vscode-button appearance="secondary" aria-label=${t('Revoke {0}', name)} @click=${() => void this.panel.change('revokePerson', { channel, user: id }, { said: t('{0} is kept out.', name), undo: () => this.panel.change('forgivePerson', { channel, user: id }) })}>${t('Revoke')}</vscode-button>`}</li>`;
  }

  private contexts(channel: ChannelCard): TemplateResult {
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('What holds in each place')}><table>
      <thead><tr><th scope="col"></th><th scope="col">${t('Direct messages')}</th><th scope="col">${t('Groups')}</th></tr></thead>
      <tbody>
        <tr><th scope="row">${t('Who may speak')}</th>${(['direct', 'group'] as const).map((name) => html`<td>${this.contextMode(channel, name)}</td>`)}</tr>
        ${restrictableGroups.map((group) => html`<tr><th scope="row">${groupName(group)}<span class="detail"> ${groupTools(group)}</span></th>${(['direct', 'group'] as const).map((name) => html`<td>${this.contextGroup(channel, name, group)}</td>`)}</tr>`)}
        ${(['direct', 'group'] as const).some((name) => channel.contexts[name].others.length > 0) ? html`<tr><th scope="row">${t('Also left out')}</th>${(['direct', 'group'] as const).map((name) => html`<td>${channel.contexts[name].others.map((other) => html`<code>${other}</code> `)}</td>`)}</tr>` : nothing}
      </tbody></table></div>
      <p class="detail">${t('In a group, a tool that belongs to no group counts as destructive.')}</p>`;
  }

  private contextMode({ id, contexts }: ChannelCard, name: ContextName): TemplateResult {
    const own = contexts[name].securityMode;
    const chosen = (event: Event): void => this.set(id, { context: { name, securityMode: (event.target as HTMLSelectElement).value as SecurityMode | 'channel' } });
    return html`<select aria-label=${name === 'direct' ? t('Who may speak in direct messages') : t('Who may speak in groups')} @change=${chosen}>
      <option value="channel" .selected=${live(own === undefined)}>${t('As the channel')}</option>
      ${securityModes.map((mode) => html`<option value=${mode} .selected=${live(own === mode)}>${modeName(mode)}</option>`)}</select>`;
  }

  private contextGroup({ id, contexts }: ChannelCard, name: ContextName, group: RestrictableGroup): TemplateResult {
    const { without } = contexts[name];
    const on = !without.includes(group);
    const label = name === 'direct' ? t('{0} in direct messages', groupName(group)) : t('{0} in groups', groupName(group));
    return html`<vscode-checkbox aria-label=${label} data-group="${name}-${group}" .checked=${standing(on)} @change=${bySwitching((now) => this.set(id, { context: { name, group: { name: group, on: now } } }))}></vscode-checkbox>`;
  }

  private questions({ id, approvals, sensitiveApprovals, modeCommand, openOffers }: ChannelCard): TemplateResult {
    return html`
      <p>${openOffers === 0 ? t('No question is open in its chats.') : openOffers === 1 ? t('One question is open in its chats.') : t('{0} questions are open in its chats.', openOffers)}</p>
      <fieldset class="choices"><legend>${t('What paired people are asked')}</legend>
        <label><input type="radio" name="approvals-${id}" .checked=${live(approvals === 'all')} @change=${() => this.set(id, { approvals: 'all' })}><span>${t('Every question of this workspace, in direct messages')}</span></label>
        <label><input type="radio" name="approvals-${id}" .checked=${live(approvals === 'own')} @change=${() => this.set(id, { approvals: 'own' })}><span>${t('Only those of their own conversations')}</span></label>
      </fieldset>
      <p><vscode-checkbox data-action="sensitive" .checked=${standing(sensitiveApprovals)} @change=${bySwitching((on) => this.set(id, { sensitiveApprovals: on }))}>${t('Exports and the location may be allowed from direct messages too')}</vscode-checkbox></p>
      <p><vscode-checkbox data-action="mode-command" .checked=${standing(modeCommand)} @change=${bySwitching((on) => this.set(id, { modeCommand: on }))}>${t('Paired people may change the mode with /mode')}</vscode-checkbox></p>`;
  }

  private numbers({ id, numbers }: ChannelCard): TemplateResult {
    const names: Readonly<Record<ChannelNumber, string>> = { seconds: t('Seconds that a pairing code lives'), attempts: t('Wrong codes until it is dead and the sender locked'), attachmentMegabytes: t('Megabytes of the largest attachment') };
    const changed = (name: ChannelNumber) => (event: Event): void => {
      const field = event.target as HTMLInputElement;
      if (field.reportValidity()) this.set(id, { numbers: { [name]: field.valueAsNumber } });
    };
    return html`<div class="row">${(Object.keys(channelNumbers) as ChannelNumber[]).map((name) => html`<label class="choice">${names[name]}
      <input type="number" required step="1" min=${channelNumbers[name][0]} max=${channelNumbers[name][1]} name=${name} .value=${live(String(numbers[name]))} @change=${changed(name)}></label>`)}</div>`;
  }

  private set(channel: string, change: ChannelChange): void {
    void this.panel.change('setChannel', { channel, change }, { said: t('Changed.') }).then((made) => {
      // A choice that was refused shows again what stands
      if (!made) this.requestUpdate();
    });
  }

  private switchOn(channel: string, on: boolean): void {
    void this.panel.change('switchChannel', { channel, on }, { said: on ? t('{0} connects.', channel) : t('{0} is disconnected.', channel), undo: () => this.panel.change('switchChannel', { channel, on: !on }) });
  }

  private async test(channel: string): Promise<void> {
    try {
      const { ok, text } = await this.panel.request('testChannel', { channel });
      this.panel.say(text, { bad: !ok });
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  private async allow(channel: string, allowed: readonly string[]): Promise<void> {
    const field = this.querySelector<HTMLInputElement>(`[name="allow-${channel}"]`);
    const user = field?.value.trim() ?? '';
    if (field === null || user === '' || allowed.includes(user)) return;
    if (await this.panel.change('setChannel', { channel, change: { allowed: { user, on: true } } }, { said: t('{0} may speak.', user) })) field.value = '';
    field.focus();
  }

  private async makeCode(channel: string): Promise<void> {
    try {
      const made = await this.panel.request('makeCode', { channel });
      if (!made.ok) return this.panel.say(made.reason, { bad: true });
      if (made.code === undefined || made.expiresAt === undefined) return;
      this.codes = new Map(this.codes).set(channel, { code: made.code, expiresAt: made.expiresAt });
      this.panel.say(t('Pairing code {0}.', made.code));
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }

  protected override updated(): void {
    const alive = this.slice?.channels.some(({ code }) => code !== undefined && code.expiresAt > Date.now()) === true;
    if (!alive) this.stopTicking();
    else this.ticking ??= setInterval(() => (this.now = Date.now()), 1_000);
  }

  private stopTicking(): void {
    clearInterval(this.ticking);
    this.ticking = undefined;
  }
}

function clockText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function modeName(mode: SecurityMode): string {
  return { pairing: t('Pairing'), allowlist: t('Listed people'), open: t('Everybody') }[mode];
}

function modeEffect(mode: SecurityMode): string {
  return { pairing: t('Whoever sends a code that you made (recommended)'), allowlist: t('Only ids that you list'), open: t('Anyone who finds the bot') }[mode];
}

function groupName(group: RestrictableGroup): string {
  return { memory: t('Memory'), system: t('System'), network: t('Network'), destructive: t('Destructive') }[group];
}

function groupTools(group: RestrictableGroup): string {
  return { memory: t('clipboard and what is remembered'), system: t('applications, screen'), network: t('web and search'), destructive: t('deleting, commands') }[group];
}
