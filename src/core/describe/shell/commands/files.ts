import type { Draft } from './draft.ts';
import { isDisk, isWholeTree, wholeTreeName } from './wholeTree.ts';
import type { Parsed, Row } from './row.ts';

/** Programs that look at, copy, move, make and remove files */
export const fileRows: readonly Row[] = [
  {
    names: 'ls dir vdir gls', class: 'read', here: 'looks', operands: 'read*',
    options: '-aAbBcCdfFgGhHiklLmnNopqQrsStuUvxXZ1WPOe@ -R,--recursive:recursive -I,--ignore= --hide= -w,--width= -T,--tabsize= -D --dired --all --almost-all --author --escape --block-size= --ignore-backups --directory --classify? --file-type --format= --full-time --group-directories-first --no-group --human-readable --si --dereference-command-line --dereference-command-line-symlink-to-dir --indicator-style= --inode --kibibytes --dereference --numeric-uid-gid --literal --hide-control-chars --show-control-chars --quote-name --quoting-style= --reverse --size --sort= --time= --time-style= --context --zero --color? --hyperlink? --help:shows --version:shows',
    examples: ['ls -la src → read read:src', 'ls -R src → read read:src/**', 'ls --color=never → read', 'ls --bogus → other@1', 'ls "$X" → other@1 unknown', 'ls -- "$X" → read unknown', 'ls "src/$X" → read unknown', '/bin/ls → read', './ls → other read:./ls'],
  },
  {
    names: 'exa eza lsd', class: 'read', operands: 'read*',
    options: '-1lGxFadrsiHbBgSuUhmn@DfZ -R,--recurse:recursive -T,--tree:recursive -L,--level= --git --icons? --color= --sort= --header --all --long --oneline --group-directories-first --help:shows --version:shows',
    examples: ['eza -la → read', 'eza -T src → read read:src/**'],
  },
  {
    names: 'tree', class: 'read', here: 'looks', operands: 'tree*',
    options: '-adlfxqNQpugshDFvtcUriAnCSJX -L= -P= -I= -H= -T= -o=:write --gitignore --gitfile=:read --prune --dirsfirst --filesfirst --noreport --charset= --filelimit= --timefmt= --sort= --inodes --device --du --si --matchdirs --ignore-case --info --infofile=:read --fromfile:other --metafirst --hintro=:read --houtro=:read --help:shows --version:shows',
    examples: ['tree -L 2 src → read read:src/**', 'tree -o .bashrc → other@2 write:.bashrc', 'tree -o.bashrc → other@1 write:.bashrc', 'tree -ao out . → other@2 write:out'],
  },
  {
    names: 'stat gstat', class: 'read', operands: 'read*',
    options: '-LtxFlnqrs -f,--file-system -c,--format= --printf= -Z --dereference --cached= --terse --help:shows --version:shows',
    examples: ['stat package.json → read read:package.json', "stat -c %s a → read read:a"],
  },
  {
    names: 'du df', class: 'read', here: 'looks', operands: 'tree*',
    options: '-0abchHklLmPsSxTiIAn --apparent-size --all --total --human-readable --max-depth= -d= -B,--block-size= -t,--threshold= -X,--exclude-from=:read --exclude= --files0-from=:read --time? --time-style= --si --summarize --one-file-system --inodes --local --print-type --type= -x,--exclude-type= --output? --sync --no-sync --portability --help:shows --version:shows',
    examples: ['du -sh src → read read:src/**', 'df -h → read'],
  },
  {
    names: 'basename dirname gbasename gdirname', class: 'read', anyOption: true, options: '-az -s,--suffix= --multiple --zero --help:shows --version:shows',
    examples: ['basename src/index.ts .ts → read', 'dirname "$X" → read'],
  },
  {
    names: 'realpath readlink grealpath greadlink', class: 'read', operands: 'read*',
    options: '-femnqszELP --canonicalize --canonicalize-existing --canonicalize-missing --no-newline --quiet --silent --verbose -v --zero --logical --physical --strip --no-symlinks --relative-to=:noted --relative-base=:noted --help:shows --version:shows',
    examples: ['realpath src → read read:src', 'readlink -f a → read read:a'],
  },
  {
    names: 'pwd', class: 'read', options: '-LP --logical --physical --help:shows --version:shows', anyOption: true, examples: ['pwd → read', 'pwd -P → read'],
  },
  {
    names: 'file', class: 'read', operands: 'read*',
    options: '-bcdEhiklLNnpprsSvzZ0 --brief --mime --mime-type --mime-encoding --dereference --no-dereference --keep-going --raw --special-files --uncompress --print0 --extension --no-pad --no-buffer -F,--separator= -e,--exclude= -P,--parameter= -f,--files-from=:other -m,--magic-file=:other -C,--compile:other --help:shows --version:shows',
    examples: ['file a.bin → read read:a.bin', 'file -f ~/.netrc → other@2', 'file -f~/.netrc → other@1', 'file -C → other@1'],
  },
  {
    names: 'wc gwc', class: 'read', operands: 'read*', options: '-cmlLw --bytes --chars --lines --words --max-line-length --total= --files0-from=:read --help:shows --version:shows',
    examples: ['wc -l src/*.ts → read read:src/*.ts', 'wc -l * → read', 'wc --files0-from=../x → read read:../x'],
  },
  {
    names: 'cksum sum md5sum sha1sum sha224sum sha256sum sha384sum sha512sum b2sum shasum md5 crc32 xxhsum', class: 'read', operands: 'read*',
    options: '-bcpqrstwzU -C --check --binary --text --tag --zero --quiet --status --strict --ignore-missing --warn --base64 --raw --debug -a,--algorithm= --length= --help:shows --version:shows',
    examples: ['sha256sum a → read read:a', 'shasum -a 256 a → read read:a'],
  },
  {
    names: 'touch gtouch', operands: 'write*',
    options: '-acfhm --no-create --no-dereference -d,--date= -t= -A= -r,--reference=:read --time= --help:shows --version:shows',
    examples: ['touch src/policy/index.ts → other@0 write:src/policy/index.ts', 'touch -r ../x a → other write:a read:../x'],
  },
  {
    names: 'mkdir gmkdir', operands: 'write*', options: '-pvZ --parents --verbose -m,--mode= --context? --help:shows --version:shows',
    examples: ['mkdir -p a/b → other@0 write:a/b'],
  },
  {
    names: 'mkfifo mknod mktemp', operands: 'noted*', options: '-m,--mode= -duqtZ -p,--tmpdir?:write --suffix= --directory --dry-run --quiet --help:shows --version:shows', also: namedNodes,
    examples: ['mktemp -d → other@0', 'mkfifo p → other@0 write:p'],
  },
  {
    names: 'rmdir', operands: 'delete*', named: 'last', options: '-pv --parents --verbose --ignore-fail-on-non-empty --help:shows --version:shows',
    examples: ['rmdir empty → other@1 delete:empty'],
  },
  {
    names: 'rm grm unlink', operands: 'delete*', named: 'last',
    options: '-fiIdvPxW -r,-R,--recursive:recursive --force --interactive? --one-file-system --no-preserve-root --preserve-root? --dir --verbose --help:shows --version:shows',
    also: removes,
    examples: [
      'rm -rf build → other@2 delete:build/**', 'rm -r -f . → other@3 delete:./** guard:destructive_deletion', 'rm -rf --no-preserve-root / → other guard:destructive_deletion',
      'rm -rf ./* → other guard:destructive_deletion', 'rm -rf ~ → other guard:destructive_deletion', 'rm -rf .. → other guard:destructive_deletion', 'rm -fR -- * → other guard:destructive_deletion',
      'rm -rf src/.. → other guard:destructive_deletion', 'rm -rf /usr/ → other guard:destructive_deletion', 'rm -- -rf → other@2 delete:-rf', 'rm a.txt → other@1 delete:a.txt', 'rm "$X" → other unknown', 'rm -rf build/* → other delete:build/*/**',
      'rm --recurs / → other guard:destructive_deletion', 'rm --help → read',
    ],
  },
  {
    names: 'trash trash-put gio-trash rmtrash shred srm wipe', operands: 'delete*', named: 'last',
    options: '-fvxzuirR -u,--remove? -n,--iterations= -s,--size= --random-source=:read --zero --exact --force --verbose --help:shows --version:shows',
    also: (parsed, draft) => {
      draft.recursive = true;
      overwritesDisk(parsed, draft);
      removesWholeTree(parsed, draft);
    },
    examples: ['shred -u a → other@2 delete:a', 'shred /dev/sda → other guard:device_write', 'trash build → other@1 delete:build'],
  },
  {
    names: 'cp gcp', operands: 'read* write',
    options: '-abdfHiLnPpsuvxXcZ -r,-R,--recursive:recursive -a,--archive:recursive --attributes-only --backup? --copy-contents --debug --force --interactive -l,--link --dereference --no-dereference --no-clobber --preserve? --no-preserve= --parents --reflink? --remove-destination --sparse= --strip-trailing-slashes --symbolic-link -S,--suffix= -t,--target-directory=:write -T,--no-target-directory --update? --verbose --one-file-system --context? --help:shows --version:shows',
    also: copies,
    examples: [
      'cp config.example.json config.json → other@0 read:config.example.json write:config.json', 'cp evil.sh .git/hooks/pre-commit → other write:.git/hooks/pre-commit', 'cp -t dst a b → other write:dst read:a read:b',
      'cp image.iso /dev/sda → other guard:device_write', 'cp -r a b → other read:a/** write:b/**',
    ],
  },
  {
    names: 'mv gmv', operands: 'delete* write', 
    options: '-bfinuvhTZ --backup? --force --interactive --no-clobber --strip-trailing-slashes -S,--suffix= -t,--target-directory=:write --no-target-directory --update? --verbose --no-copy --exchange --context --help:shows --version:shows',
    also: (parsed, draft) => {
      draft.recursive = true;
      copies(parsed, draft);
      const { effects } = draft;
      for (let k = 0; k < effects.length; k += 1) {
        const effect = effects[k];
        if (effect?.kind === 'delete') effects[k] = { ...effect, recursive: true };
      }
      for (const at of parsed.operands.slice(0, -1)) {
        const text = parsed.words[at]?.text;
        if (typeof text === 'string' && isWholeTree(text)) draft.block('destructive_deletion', `It moves away ${wholeTreeName(text)}.`);
      }
      if (parsed.operand(parsed.operands.length - 1) === '/dev/null') draft.worsen('other', parsed.words.length - 1);
    },
    examples: ['mv src/a.ts src/b.ts → other@0 delete:src/a.ts/** write:src/b.ts', 'mv /* /tmp → other guard:destructive_deletion', 'mv src /dev/null → other@2 delete:src/** write:/dev/null'],
  },
  {
    names: 'ln gln link', operands: 'noted*',
    options: '-bdfFiLnPrsvhTw -t,--target-directory=:write -S,--suffix= --symbolic --force --relative --no-dereference --logical --physical --interactive --backup? --directory --verbose --no-target-directory --help:shows --version:shows',
    also: links,
    examples: ['ln -s ../a b → other write:b read:../a', 'ln -s ~/.ssh keys → other write:keys read:~/.ssh', 'ln a → other write:./a read:a'],
  },
  {
    names: 'install ginstall', operands: 'read* write', options: '-bcCDdpsTvZ -g,--group= -m,--mode= -o,--owner= -S,--suffix= --strip-program=:program -t,--target-directory=:write --backup? --compare --directory --preserve-timestamps --strip --verbose --help:shows --version:shows', also: copies,
    examples: ['install -m 755 a b → other write:b read:a', 'install --strip-program=./x -s a b → other@1 write:b read:a read:./x'],
  },
  {
    names: 'chmod chown chgrp chattr setfacl xattr setfattr', operands: 'noted*', options: '-cfvhHLPnX -R,--recursive:recursive --changes --silent --quiet --verbose --preserve-root --no-preserve-root --dereference --no-dereference --reference=:read --from= -m,--modify= -x,--remove= -b -k -d -n,--name= --help:shows --version:shows', anyOption: true, also: changesRights,
    examples: [
      'chmod +x run.sh → other@0 write:run.sh', 'chmod -R 777 . → other guard:world_writable', 'chmod -R 777 / → other guard:world_writable', 'chmod 0777 /etc/passwd → other guard:world_writable', 'chmod -R a+rwx ~ → other guard:world_writable', 'chmod 777 run.sh → other write:run.sh', 'chmod -R u+w . → other write:./**',
    ],
  },
  {
    names: 'dd gdd', style: 'words', operands: 'noted*', also: copiesBlocks,
    examples: ['dd if=/dev/zero of=/dev/sda → other guard:device_write', 'dd of=/dev/sda if=/dev/zero → other guard:device_write', 'dd if=/dev/zero of=blank.img bs=1M count=1 → other read:/dev/zero write:blank.img', 'dd if=a.bin → other read:a.bin'],
  },
  {
    names: 'truncate fallocate', operands: 'write*', options: '-co -s,--size= -r,--reference=:read -l,--length= -o,--offset= --no-create --io-blocks -n -d -z -p -x --help:shows --version:shows', also: overwritesDisk,
    examples: ['truncate -s 0 a → other write:a'],
  },
  {
    names: 'tee gtee', operands: 'write*', options: '-aipu --append --ignore-interrupts --output-error? --help:shows --version:shows', also: teeOnly,
    examples: ['tee build.log → other@0 write:build.log', 'tee -a .git/config → other write:.git/config', 'tee → read', 'tee /dev/stderr → read'],
  },
  {
    names: 'sponge', operands: 'write*', options: '-a', examples: ['sponge a → other write:a'],
  },
  {
    names: 'rename prename', named: 'all', operands: 'data write*', anyOption: true, examples: ['rename s/a/b/ x → other@2 write:x'],
  },
  {
    names: 'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.vfat mkfs.fat mkfs.btrfs mkfs.ntfs mke2fs mkswap newfs fdisk sfdisk cfdisk parted wipefs sgdisk blkdiscard cryptsetup mkfs.exfat',
    anyOption: true, operands: 'noted*', also: formats,
    examples: ['mkfs.ext4 /dev/sda1 → other guard:device_write', 'mkfs -t ext4 /dev/sdb → other guard:device_write', 'fdisk -l → other@0'],
  },
  {
    names: 'diskutil', operands: 'noted*', anyOption: true,
    also: (parsed, draft) => {
      const verb = parsed.operand(0)?.toLowerCase() ?? '';
      if (/^(?:erase|zero|random|secureerase|partitiondisk|reformat|apfs)/u.test(verb)) draft.block('device_write', 'It erases a disk.');
    },
    examples: ['diskutil eraseDisk JHFS+ X disk2 → other guard:device_write', 'diskutil list → other@0'],
  },
  { names: 'mount umount losetup swapon swapoff', named: 'all', operands: 'noted*', anyOption: true, examples: ['mount /dev/sdb /mnt → other@2'] },
];

function namedNodes(parsed: Parsed, draft: Draft): void {
  if (parsed.words[0]?.text === 'mktemp') return;
  const at = parsed.operands[0];
  if (at !== undefined) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], 0);
}

function removes(parsed: Parsed, draft: Draft): void {
  if (draft.recursive) removesWholeTree(parsed, draft);
}

function removesWholeTree(parsed: Parsed, draft: Draft): void {
  for (const at of parsed.operands) {
    const text = parsed.words[at]?.text;
    if (typeof text === 'string' && isWholeTree(text)) draft.block('destructive_deletion', `It deletes everything in ${wholeTreeName(text)}.`);
  }
}

function overwritesDisk(parsed: Parsed, draft: Draft): void {
  for (const at of parsed.operands) {
    const text = parsed.words[at]?.text;
    if (typeof text === 'string' && isDisk(text)) draft.block('device_write', `It overwrites the device ${text}.`);
  }
}

/** Copies: with `-t` every operand is a source; a target that is a disk is overwritten */
function copies(parsed: Parsed, draft: Draft): void {
  if (parsed.has('target-directory')) {
    const last = draft.effects.findLastIndex((effect) => effect.kind === 'write' && effect.namedAt === parsed.at);
    const effect = draft.effects[last];
    if (effect?.kind === 'write') draft.effects[last] = { ...effect, kind: parsed.words[0]?.text?.endsWith('mv') ? 'delete' : 'read', namedAt: parsed.operands.at(-1) ?? parsed.at };
    return;
  }
  const at = parsed.operands.at(-1);
  const target = at === undefined ? undefined : parsed.words[at]?.text;
  if (typeof target === 'string' && isDisk(target)) draft.block('device_write', `It overwrites the device ${target}.`);
}

/** A link makes its target reachable under a new name, so the target counts as read too */
function links(parsed: Parsed, draft: Draft): void {
  const { operands } = parsed;
  const into = parsed.has('target-directory') || parsed.has('t');
  operands.forEach((at, k) => {
    const word = parsed.words[at];
    const text = word?.text ?? null;
    if (k === operands.length - 1 && operands.length > 1 && !into) draft.path('write', text, word, parsed.at);
    else draft.path('read', text, word, at, { recursive: false });
  });
  const only = parsed.operand(0);
  if (operands.length === 1 && typeof only === 'string') draft.path('write', `./${only.slice(only.lastIndexOf('/') + 1)}`, undefined, parsed.at);
}

function changesRights(parsed: Parsed, draft: Draft): void {
  let mode: string | undefined;
  const targets: number[] = [];
  for (let i = 1; i < parsed.words.length; i += 1) {
    const text = parsed.words[i]?.text;
    if (mode === undefined && typeof text === 'string' && /^(?:[0-7]{1,5}|[ugoa]*[-+=][-+=rwxXstugoa,]*)$/u.test(text) && !/^-[RcfvhHLP]+$/u.test(text)) mode = text;
    else if (parsed.operands.includes(i)) targets.push(i);
  }
  const chmod = parsed.words[0]?.text?.endsWith('chmod') === true;
  if (!chmod) targets.shift();
  for (const at of targets) draft.path('write', parsed.words[at]?.text ?? null, parsed.words[at], parsed.at);
  if (!chmod || mode === undefined || !/^[0-7]*[2367]$|(?:^|,)[ugo]*[ao][ugo]*[+=][rxXst]*w/u.test(mode)) return;
  for (const at of targets) {
    const text = parsed.words[at]?.text;
    if (typeof text !== 'string') continue;
    if ((draft.recursive && isWholeTree(text)) || /^\/(?:$|etc(?:\/|$)|usr(?:\/|$)|bin(?:\/|$)|sbin(?:\/|$)|lib|boot|System|Library)/u.test(text)) {
      draft.block('world_writable', `It lets everybody write to ${text}.`);
    }
  }
}

function copiesBlocks(parsed: Parsed, draft: Draft): void {
  for (const at of parsed.operands) {
    const word = parsed.words[at];
    const text = word?.text;
    if (typeof text !== 'string') {
      draft.unknown('one of its operands is only known when it runs', at);
      continue;
    }
    if (text.startsWith('if=')) draft.path('read', text.slice(3), undefined, at);
    else if (text.startsWith('of=')) {
      const target = text.slice(3);
      if (isDisk(target)) draft.block('device_write', `It overwrites the device ${target}.`);
      draft.path('write', target, undefined, at);
    }
  }
}

function teeOnly(parsed: Parsed, draft: Draft): void {
  if (parsed.options.length === 0 && parsed.operands.every((at) => /^\/dev\/(?:null|stdout|stderr|tty)$/u.test(parsed.words[at]?.text ?? ''))) draft.shows();
}

function formats(parsed: Parsed, draft: Draft): void {
  const lists = parsed.words.some((word) => word.text === '-l' || word.text === '--list' || word.text === '--help' || word.text === '--version');
  if (!lists) draft.block('device_write', 'It formats or repartitions a device.');
}
