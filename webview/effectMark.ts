import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';

type Effect = 'allow' | 'ask' | 'deny';

/** A decision as shape and word, so that colour is never needed to tell it */
export function effectMark(effect: Effect): TemplateResult {
  const sign = { allow: '✓', ask: '?', deny: '⊘' }[effect];
  return html`<span class="effect ${effect}"><span aria-hidden="true">${sign}</span> ${effectWord(effect)}</span>`;
}

/** A decision in one word */
export function effectWord(effect: Effect): string {
  return { allow: t('Allow'), ask: t('Ask'), deny: t('Deny') }[effect];
}
