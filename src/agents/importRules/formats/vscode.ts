import type { Decision } from '../../../core/decision.ts';
import { anyCommand, fitCommandPrefix } from '../commandPattern.ts';
import { leftOut, noRule, wider, type Fitted, type FoundEntry } from '../preview.ts';
import { fitCommandRegExp } from '../regExpPattern.ts';
import { isObject } from '../../readJson.ts';
import { entriesAt, readSettings, textOf, valueAt } from '../settings.ts';

const key = 'chat.tools.terminal.autoApprove';

/**
 * VS Code's `chat.tools.terminal.autoApprove`: beginnings of commands, or `/regular expressions/`, that run without asking
 * (`true`) or are always asked about (`false`); the latter goes first
 */
export function readVscodeSettings(text: string): readonly FoundEntry[] {
  const settings = readSettings(text);
  const entries = entriesAt(settings, key).map(([pattern, value]): FoundEntry => {
    const at = `${key}[${JSON.stringify(pattern)}]`;
    const shown = `${pattern}: ${textOf(value)}`;
    const approve = isObject(value) ? valueAt(value, 'approve') : value;
    if (approve === null) return noRule(at, shown, 'It takes back a rule of VS Code itself, of which nothing is known here.');
    if (typeof approve !== 'boolean') return noRule(at, shown, 'It is neither true nor false, so VS Code does not follow it either.');
    const effect = approve ? 'allow' : 'ask';
    return { at, text: shown, effect, fitted: fit(pattern, effect, isObject(value) && valueAt(value, 'matchCommandLine') === true) };
  });
  const everything = ['chat.tools.global.autoApprove', 'chat.tools.autoApprove'].flatMap((name) => (valueAt(settings, name) === true ? [noRule(name, 'true', 'It would allow everything. Choose a mode instead.')] : []));
  return [...entries, ...everything];
}

function fit(pattern: string, effect: Decision, isWholeLine: boolean): Fitted {
  if (isWholeLine) return effect === 'allow' ? leftOut('It is about whole lines; rules here are about each command of a line. What it allows is asked about.') : wider('It is about whole lines, so it covers every shell command.', anyCommand);
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/s.exec(pattern) ?? [];
  return source === undefined ? fitCommandPrefix(pattern, effect) : fitCommandRegExp(source, flags, effect);
}
