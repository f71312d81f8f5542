import type { Rule } from '../../core/rules/rule.ts';
import type { Entry } from '../../gate/entry.ts';
import type { Clock, Problem } from '../../gate/ports.ts';
import { limitedRules } from './facts.ts';
import { type RuleFile, addRule, changeProfile, countUses, profileFile, readRuleFile, removeRule } from './ruleFile.ts';

/** The user's own rules, shared by all windows through one file */
export class Profile {
  readonly #userFolder: string;
  readonly #clock: Clock;
  #content: RuleFile = { rules: [], problems: [] };
  #failure: readonly Problem[] = [];

  constructor(userFolder: string, clock: Clock) {
    this.#userFolder = userFolder;
    this.#clock = clock;
  }

  get rules(): readonly Rule[] {
    return this.#content.rules;
  }

  get problems(): readonly Problem[] {
    return [...this.#content.problems, ...this.#failure];
  }

  read(): void {
    this.#content = readRuleFile(profileFile(this.#userFolder), 'profile');
  }

  /** Follows entries that are on record; tells whether they changed anything */
  async apply(entries: readonly Entry[]): Promise<boolean> {
    const changes = entries.flatMap((entry) => this.#changeOf(entry));
    if (changes.length === 0) return false;
    const all = (rules: readonly Rule[]): readonly Rule[] => changes.reduce((now, change) => change(now), rules);
    try {
      this.#content = await changeProfile(this.#userFolder, this.#clock, all);
      this.#failure = [];
    } catch (error) {
      // It holds in this window at least; the record has it, and the person is told that it did not last
      this.#content = { ...this.#content, rules: all(this.#content.rules) };
      const file = profileFile(this.#userFolder);
      this.#failure = [{ code: 'profile_not_written', message: `Your own rules could not be written to ${file} (${(error as Error).message}); they hold until this window closes`, file }];
    }
    return true;
  }

  #changeOf(entry: Entry): ((rules: readonly Rule[]) => readonly Rule[])[] {
    if (entry.type === 'rule_added' && entry.rule.source === 'profile') return [(rules) => addRule(rules, entry.rule)];
    if (entry.type === 'rule_removed' && entry.rule.source === 'profile') return [(rules) => removeRule(rules, entry.rule)];
    if (entry.type !== 'decision') return [];
    const limited = limitedRules(this.#content.rules);
    const used = entry.actions.flatMap(({ rule }) => (rule !== undefined && limited.has(rule) ? [rule] : []));
    return used.length === 0 ? [] : [(rules) => countUses(rules, used)];
  }
}
