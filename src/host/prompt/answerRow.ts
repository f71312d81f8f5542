import type { Answer } from '../../core/decide/evaluation.ts';
import { plainLabel } from '../plainLabel.ts';
import { effectIcon } from '../tree/treeNodes.ts';
import type { Words } from '../../gate/words.ts';

/** A row of the prompt for one answer, without the editor's types */
export interface AnswerRow<Step> {
  readonly label: string;
  readonly icon?: string;
  readonly description?: string;
  /** -1: a line between groups, as the editor's own number for it */
  readonly kind?: -1;
  readonly value?: Answer | Step;
}

/**
 * The row for an answer: what it does, how long it lasts, the rule it writes; with a line above where another span begins.
 *
 * @param before the answer of the row above
 * @param rule the rule that the answer writes, as people read it
 * @param name what it is called where it means something of its own
 */
export function answerRow<Step>(answer: Answer, before: Answer | undefined, rule: string | undefined, l10n: Words, name?: string): AnswerRow<Step>[] {
  const [effect, reach] = halves(answer);
  const row: AnswerRow<Step> = {
    label: name === undefined ? answerName(answer, l10n) : plainLabel(name), icon: effectIcon(effect), value: answer,
    ...(reach === 'once' || rule === undefined ? {} : { description: plainLabel(rule) }),
  };
  return before !== undefined && halves(before)[1] === reach ? [row] : [{ label: '', kind: -1 }, row];
}

/** An answer as people read it */
export function answerName(answer: Answer, l10n: Words): string {
  const [effect, reach] = halves(answer);
  const verb = effect === 'deny' ? l10n.t('Deny') : l10n.t('Allow');
  return {
    once: l10n.t('{0} once', verb), session: l10n.t('{0} for this session', verb),
    workspace: l10n.t('{0} for this workspace', verb), profile: l10n.t('{0} for all my workspaces', verb),
  }[reach];
}

function halves(answer: Answer): readonly ['allow' | 'deny', 'once' | 'session' | 'workspace' | 'profile'] {
  const [effect, reach] = answer.split('_');
  return [effect === 'allow' ? 'allow' : 'deny', reach === 'session' || reach === 'workspace' || reach === 'profile' ? reach : 'once'];
}
