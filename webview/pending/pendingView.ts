import { t } from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Answer, PendingApproval, PendingGroup, PendingSlice } from '../../src/shared/pending.ts';
import { SectionView } from '../sectionView.ts';

/** How often the time left is written anew, milliseconds */
const tick = 15_000;

/** The open questions, answered here like in the prompt */
export class PendingView extends SectionView<'pending'> {
  private timer: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => this.requestUpdate(), tick);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearInterval(this.timer);
  }

  protected drawn({ groups }: PendingSlice): TemplateResult {
    if (groups.length === 0) {
      return html`<p class="empty">${t('Nothing waits for an answer. When an agent asks for something that neither a rule nor the mode answers, it waits here, and in the prompt, for five minutes.')}</p>`;
    }
    return html`${repeat(groups, ({ approvals: [first] }) => first?.id, (group) => this.group(group))}`;
  }

  private group({ covers, approvals, fits }: PendingGroup): TemplateResult {
    const [first] = approvals;
    const together = first !== undefined && covers !== undefined && approvals.length > 1;
    return html`<section class="group" aria-label=${covers ?? first?.title ?? ''}>
      ${together ? html`<div class="together">
        <h2>${t('{0} questions that one rule answers', approvals.length)}</h2>
        <p>${t('It would cover:')} <code>${covers}</code></p>
        ${fits === undefined ? nothing : html`<p class="detail">${t('That also fits {0} of the last {1} requests on record.', fits.count, fits.of)}</p>`}
        ${this.answers(first, first.answers.filter(({ rule }) => rule !== undefined), approvals.length)}
      </div>` : nothing}
      ${repeat(approvals, ({ id }) => id, (approval) => this.card(approval, together))}
    </section>`;
  }

  private card(approval: PendingApproval, together: boolean): TemplateResult {
    const minutes = Math.max(0, Math.ceil((approval.expiresAt - Date.now()) / 60_000));
    // Lasting answers of a group stand above it, once
    const answers = together ? approval.answers.filter(({ rule }) => rule === undefined) : approval.answers;
    const rule = answers.find((answer) => answer.rule !== undefined)?.rule;
    return html`<article class="card" aria-labelledby="title-${approval.id}" data-approval=${approval.id}>
      <h3 id="title-${approval.id}">${approval.title}</h3>
      <pre><code>${approval.target}</code></pre>
      ${approval.full === undefined ? nothing : html`<details><summary>${t('Show all of it')}</summary><pre><code>${approval.full}</code></pre></details>`}
      ${approval.facts.length === 0 ? nothing : html`<dl class="facts small">${approval.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`}
      ${approval.why.length === 1 ? html`<p>${approval.why}</p>` : html`<ul>${approval.why.map((line) => html`<li>${line}</li>`)}</ul>`}
      ${rule === undefined ? nothing : html`<p class="detail">${t('A lasting answer would cover:')} <code>${rule}</code></p>`}
      <p class="detail">${minutes <= 1 ? t('Denied in a minute if nobody answers.') : t('Denied in {0} minutes if nobody answers.', minutes)}</p>
      <vscode-text-field name="comment" maxlength="2000" size="40">${t('Tell the agent why (may stay empty)')}</vscode-text-field>
      ${this.answers(approval, answers)}
    </article>`;
  }

  /** The answers, what denies first: in two rows, or in one where there are just two */
  private answers(approval: PendingApproval, offered: PendingApproval['answers'], several?: number): TemplateResult {
    const row = (those: PendingApproval['answers']): TemplateResult => html`<div class="row answers">${those.map(({ answer, label }) => this.answerButton(approval, answer, label, several))}</div>`;
    const [denies = [], allows = []] = (['deny', 'allow'] as const).map((effect) => offered.filter(({ answer }) => answer.startsWith(effect)));
    return offered.length <= 2 ? row([...denies, ...allows]) : html`${row(denies)}${row(allows)}`;
  }

  private answerButton(approval: PendingApproval, answer: Answer, label: string, several: number | undefined): TemplateResult {
    const name = several === undefined ? `${label}: ${approval.title}` : t('{0}: all {1} questions', label, several);
    return html`<vscode-button appearance=${answer === 'deny_once' ? 'primary' : 'secondary'} data-answer=${answer} aria-label=${name}
      @click=${(event: Event) => void this.answer(event, approval, answer, label)}>${label}</vscode-button>`;
  }

  private async answer(event: Event, { id }: PendingApproval, answer: Answer, label: string): Promise<void> {
    const card = (event.target as HTMLElement).closest('.card');
    const comment = card?.querySelector<HTMLInputElement>('[name=comment]')?.value.trim() ?? '';
    const params = { id, answer, ...(comment === '' ? {} : { comment }) };
    try {
      const outcome = await this.panel.request('answerApproval', params);
      if (!outcome.ok) return this.panel.say(outcome.reason, { bad: true });
      const also = outcome.also ?? 0;
      this.panel.say(also === 0 ? `${label}.` : t('{0}. The rule answered {1} more.', label, also));
      await this.updateComplete;
      this.closest('main')?.querySelector<HTMLElement>('h1')?.focus();
    } catch (error) {
      this.panel.say(error instanceof Error ? error.message : String(error), { bad: true });
    }
  }
}
