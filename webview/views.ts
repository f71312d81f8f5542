import { t } from '@vscode/l10n';
import type { Section } from '../src/shared/sections.ts';
import { AgentsView } from './agents/agentsView.ts';
import { AuditView } from './audit/auditView.ts';
import { ChannelsView } from './channels/channelsView.ts';
import { GuardrailsView } from './guardrails/guardrailsView.ts';
import { LimitsView } from './limits/limitsView.ts';
import { OverviewView } from './overview/overviewView.ts';
import { PendingView } from './pending/pendingView.ts';
import { RuleForm } from './rules/ruleForm.ts';
import { RuleImport } from './rules/ruleImport.ts';
import { RulesView } from './rules/rulesView.ts';
import type { SectionView } from './sectionView.ts';
import { TryItView } from './tryIt/tryItView.ts';

interface ViewKind<S extends Section> {
  /** Name of its element */
  readonly tag: string;
  readonly element: new () => SectionView<S>;
  /** Its name in the navigation, in the person's language */
  readonly title: () => string;
  /** What it is for, in one line below its heading */
  readonly purpose: () => string;
}

/** The view of each section */
export const views: { readonly [S in Section]: ViewKind<S> } = {
  overview: { tag: 'cowork-overview', element: OverviewView, title: () => t('Overview'), purpose: () => t('What agents may do in this workspace, and whether all is well.') },
  pending: { tag: 'cowork-pending', element: PendingView, title: () => t('Pending'), purpose: () => t('Agents that wait for your answer. A question nobody answers is denied.') },
  rules: { tag: 'cowork-rules', element: RulesView, title: () => t('Rules'), purpose: () => t('What is allowed, asked or denied by rule, wherever the rule comes from.') },
  tryIt: { tag: 'cowork-try-it', element: TryItView, title: () => t('Try It'), purpose: () => t('What the policy would say to a request, and what a change of the policy would do.') },
  guardrails: { tag: 'cowork-guardrails', element: GuardrailsView, title: () => t('Guardrails'), purpose: () => t('What stays blocked whatever rules and mode say, and the commands you trust.') },
  audit: { tag: 'cowork-audit', element: AuditView, title: () => t('Audit'), purpose: () => t('Everything that was decided, answered and changed here, in a record that shows tampering.') },
  agents: { tag: 'cowork-agents', element: AgentsView, title: () => t('Agents'), purpose: () => t('The agents on this machine, and which of them ask the policy.') },
  channels: { tag: 'cowork-channels', element: ChannelsView, title: () => t('Channels'), purpose: () => t('Who outside this editor may ask agents for something.') },
  limits: { tag: 'cowork-limits', element: LimitsView, title: () => t('Sandbox and Limits'), purpose: () => t('Where commands run, and how much of everything there may be.') },
};

/** Makes the elements of all views known to the page */
export function registerViews(): void {
  for (const { tag, element } of Object.values(views)) customElements.define(tag, element);
  customElements.define('cowork-rule-form', RuleForm);
  customElements.define('cowork-rule-import', RuleImport);
}
