import { t } from '@vscode/l10n';
import { html, type TemplateResult } from 'lit';
import { SectionView } from '../sectionView.ts';

/** How things stand while there is no channel */
export class ChannelsView extends SectionView<'channels'> {
  protected drawn(): TemplateResult {
    return html`
      <p class="empty">${t('No channel is connected.')}</p>
      <p>${t('A channel is a way for people to reach an agent from outside, for example a chat. This version connects to none, so questions of agents are answered only in this editor.')}</p>
      <p>${t('An agent may still say that a request comes from a conversation. In a group or a public one, tools that give out what is remembered, such as the clipboard, are denied.')}</p>`;
  }
}
