import type { Draft } from './draft.ts';
import type { Parsed, Row } from './row.ts';

/** Keepers of passwords and keys: whatever they print is a secret */
export const secretToolRows: readonly Row[] = [
  { names: 'security secret-tool keyring kwallet-query kwalletcli pass gopass op bw lpass keepassxc-cli vault infisical sops age rage git-credential-manager git-credential-osxkeychain docker-credential-desktop cmdkey vaultcmd chezmoi ykman kinit klist keytool ssh-add ssh-agent ssh-keygen ssh-copy-id ssh-keyscan mimikatz', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: handsOut, examples: ['security find-generic-password -w -s x → other@4', 'pass show x → other', 'op read op://a/b → other', 'security --version → other@1', "ssh-keygen -f a -N '' → other write:a write:a.pub"] },
  { names: 'gpg gpg2 gpgsm', class: 'other', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const words = parsed.words.slice(1).map((word) => word.text);
    if (words.length === 1 && words[0] === '--version') {
      draft.shows();
      return;
    }
    const last = parsed.words.length - 1;
    if (words.some((word) => /^--(?:send-keys|recv-keys|refresh-keys|search-keys|keyserver|locate)/u.test(word ?? ''))) draft.exports(undefined, last, { provider: 'a key server' });
    const output = words.findIndex((word) => word === '-o' || word === '--output');
    if (output >= 0) draft.path('write', words[output + 1] ?? null, undefined, output + 2);
    for (const [at, word] of parsed.words.entries()) if (at > 0 && word.text !== null && !word.text.startsWith('-') && /[./]/u.test(word.text)) draft.path('read', word.text, word, at);
  }, examples: ['gpg --export-secret-keys → other@1', 'gpg -d x.gpg → other read:x.gpg', 'gpg --verify a.sig → other@2 read:a.sig', 'gpg --version → read'] },
];

function handsOut(parsed: Parsed, draft: Draft): void {
  const last = parsed.words.length - 1;
  if (last === 1 && parsed.words[1]?.text === '--version') return;
  const name = parsed.words[0]?.text ?? '';
  if (name === 'ssh-keygen') {
    const at = parsed.words.findIndex((word) => word.text === '-f');
    const file = at > 0 ? parsed.words[at + 1]?.text : undefined;
    if (file !== undefined) {
      draft.path('write', file, undefined, at + 1);
      draft.path('write', file === null ? null : `${file}.pub`, undefined, at + 1);
    }
  }
  if (name === 'ssh-copy-id' || name === 'ssh-keyscan') draft.exports(parsed.words[last]?.text?.replace(/^.*@/u, ''), last, { provider: 'ssh' });
}
