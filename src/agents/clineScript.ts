const firstLine = '#!/bin/sh\n# CoWork Policy: asks the policy of the workspace before every tool.';

/**
 * The text of the program that Cline starts before each tool (`PreToolUse` in its folder of hooks). Cline goes on where a hook
 * fails, so this one never does.
 *
 * INVARIANT: whatever becomes of our own program, the script ends with 0 and says `cancel` unless that said something else.
 *
 * @param command the line of our program
 */
export function clineScript(command: string): string {
  return `${firstLine}
# Written by "cowork-policy install cline"; "cowork-policy uninstall cline" takes it away.
said=$(${command})
case "$said" in
  '{"cancel":'*) printf '%s\\n' "$said" ;;
  *) printf '%s\\n' '{"cancel":true,"errorMessage":"Denied: CoWork Policy could not be asked. See cowork-policy doctor."}' ;;
esac
exit 0
`;
}

/** The line of our program in a script of ours; `undefined` in any other text */
export function commandInScript(text: string): string | undefined {
  return text.startsWith(`${firstLine}\n`) ? /^said=\$\((.*)\)$/m.exec(text)?.[1] : undefined;
}
