import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import type { AgentLine, AgentsSlice } from '../../src/shared/agents.ts';
import { SectionView } from '../sectionView.ts';

const day = 86_400_000;

/** The agents of this machine: which ask, since when, and what they may do without asking */
export class AgentsView extends SectionView<'agents'> {
  static override properties = { ...SectionView.properties, tried: { state: true }, trying: { state: true } };
  /** Hooks that did not deny what they must, by agent; absent until they were tried */
  private declare tried: ReadonlyMap<string, string> | undefined;
  private declare trying: boolean;

  protected drawn({ agents }: AgentsSlice): TemplateResult {
    const here = agents.filter(({ found, files }) => found || files.length > 0);
    const others = agents.filter((agent) => !here.includes(agent));
    return html`<section aria-labelledby="here">
        <h2 id="here">${t('On this machine')}</h2>
        ${here.length === 0 ? html`<p class="empty">${t('No agent was found. Agents that are VS Code extensions ask through the extension’s API, or through hooks that Copilot reads.')}</p>` : html`<ul class="list agents">${here.map((agent) => this.agent(agent))}</ul>`}
        <div class="row"><vscode-button appearance="secondary" data-action="try" ?disabled=${this.trying} @click=${() => void this.tryAll()}>${t('Try the Hooks')}</vscode-button>
          <span role="status">${this.trying ? t('Trying each one…') : this.tried === undefined ? nothing : this.tried.size === 0 ? t('All denied what they must deny.') : t('{0} did not work.', this.tried.size)}</span></div>
      </section>
      <section aria-labelledby="others">
        <h2 id="others">${t('Not found here')}</h2>
        <p>${others.length === 0 ? t('None.') : others.map(({ title }) => title).join(' · ')}</p>
      </section>`;
  }

  private agent(agent: AgentLine): TemplateResult {
    const { client, title, version, files, steps, notCovered } = agent;
    const isProtected = files.length > 0;
    const broken = this.tried?.get(client) ?? agent.broken;
    const state = broken !== undefined ? 'fail' : !isProtected || agent.lastSeen === undefined ? 'warn' : 'pass';
    return html`<li data-agent=${client}>
      <div>
        <strong>${title}</strong> ${version === undefined ? nothing : html`<span class="detail">${version}</span>`}
        <p class="notice ${state === 'pass' ? '' : 'warn'}"><span class="sign" aria-hidden="true">${state === 'pass' ? '✓' : '!'}</span><span class="text">${broken ?? standing(agent)}</span></p>
        ${isProtected ? html`<p class="detail">${files.map((file) => html`<code>${file}</code> `)}</p>` : nothing}
        ${isProtected && agent.lastSeen === undefined && steps.length > 0 ? html`<p class="notice warn"><span class="sign" aria-hidden="true">!</span><span class="text">${steps.join(' ')}</span></p>` : nothing}
        <details><summary>${t('Not covered')}</summary>${notCovered.map((text) => html`<p>${text}</p>`)}</details>
      </div>
      <vscode-button appearance=${isProtected ? 'secondary' : 'primary'} data-action=${isProtected ? 'release' : 'protect'} aria-label=${isProtected ? t('Stop protecting {0}', title) : t('Protect {0}', title)}
        @click=${() => void this.panel.change(isProtected ? 'releaseAgent' : 'protectAgent', { client })}>${isProtected ? t('Stop Protecting…') : t('Protect…')}</vscode-button>
    </li>`;
  }

  private async tryAll(): Promise<void> {
    this.trying = true;
    try {
      const { broken } = await this.panel.request('tryAgents', {});
      this.tried = new Map(broken.map(({ client, why }) => [client, why]));
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    } finally {
      this.trying = false;
    }
  }
}

function standing({ files, lastSeen }: AgentLine): string {
  if (files.length === 0) return t('It asks nobody.');
  if (lastSeen === undefined) return t('It has our hook and has not called it yet.');
  const days = Math.floor((Date.now() - lastSeen) / day);
  return days < 1 ? t('Under the policy; it last asked today.') : days === 1 ? t('Under the policy; it last asked a day ago.') : t('Under the policy; it last asked {0} days ago.', days);
}
