import type { Row } from './row.ts';

/** Variables whose values are no secrets */
const plainVariable = /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|PWD|OLDPWD|TERM|TMPDIR|TZ|HOSTNAME|NODE_ENV|CI|EDITOR|VISUAL|PAGER|DISPLAY|COLUMNS|LINES|JAVA_HOME|GOPATH|GOROOT|VIRTUAL_ENV|CONDA_PREFIX|NVM_DIR|PYTHONPATH|NODE_PATH|SHLVL|XDG_\w+|COLORTERM|FORCE_COLOR|NO_COLOR)$/u;

/** What the machine is and does, and changing that */
export const systemRows: readonly Row[] = [
  { names: 'date gdate', class: 'read', operands: 'noted*', options: '-uRjnI -d,--date= -f=:read --file=:read -r,--reference=:read -s,--set=:other -v= -I? --iso-8601? --rfc-3339= --rfc-email --universal --utc --debug --resolution --help:shows --version:shows', also: (parsed, draft) => {
    const set = parsed.option('set');
    if (set !== undefined) draft.worsen('other', set.valueAt);
    for (const at of parsed.operands) {
      if (parsed.words[at]?.text?.startsWith('+') !== true && !parsed.has('f') && !parsed.has('j')) draft.worsen('other', at);
    }
  }, examples: ["date --set='2020-01-01' → other@1", 'date -s x → other', 'date -f .env → read read:.env', 'date +%s → read', 'date → read', 'date 010100002020 → other@1', 'date -d yesterday +%F → read', 'date --se=x → other'] },
  { names: 'uname whoami id groups logname users who w last lastlog finger uptime hostid free vmstat iostat mpstat lscpu lsblk lsusb lspci lsmod lsb_release nvidia-smi sw_vers system_profiler cal ncal locale getconf tput findmnt sar pidstat ipcs vm_stat cpuid neofetch fastfetch', class: 'read', anyOption: true, operands: 'data*', examples: ['uname -a → read', 'whoami → read', 'uptime → read'] },
  { names: 'hostname domainname', class: 'read', options: '-adfiIsAyv --fqdn --short --all-ip-addresses --ip-address --help:shows --version:shows -F=:other -b:other', operands: 'other*', examples: ['hostname → read', 'hostname x → other@1'] },
  { names: 'ps pgrep pstree', class: 'read', operands: 'data*', anyOption: true, options: '-E:other', also: (parsed, draft) => {
    // `ps e` and `ps eww` show the environment of every process
    const shows = parsed.words.slice(1).some((word) => word.text === null || (parsed.words[0]?.text === 'ps' && /^[a-df-zA-Z]*e[a-zA-Z]*$/u.test(word.text) && /^[a-zA-Z]{1,6}$/u.test(word.text) && !/^(?:node|time|user|pipe)$/u.test(word.text) && word === parsed.words[1]));
    if (shows) draft.worsen('other', parsed.words.length - 1);
  }, examples: ['ps aux → read', 'ps -ef → read', 'ps eww → other@1', 'pgrep node → read', 'ps -o pid,comm -p 1 → read'] },
  { names: 'top htop btop atop iotop nethogs iftop', class: 'other', anyOption: true, examples: ['top -bn1 → other@0'] },
  { names: 'lsof fuser', class: 'other', anyOption: true, named: 'all', examples: ['lsof -i → other@1'] },
  { names: 'netstat ss ifconfig ip route arp iwconfig networksetup scutil', class: (parsed) => (/^(?:netstat|ss)$/u.test(parsed.words[0]?.text ?? '') && parsed.words.every((word) => word.text !== null && !/^-[a-zA-Z]*[KDF]/u.test(word.text)) || /^(?:ip|ifconfig)$/u.test(parsed.words[0]?.text ?? '') && parsed.words.slice(1).every((word) => /^(?:-[a-z0-9]+|a|addr|address|link|route|r|show|list|neigh|-a|\w+\d+)$/u.test(word.text ?? '/')) ? 'read' : 'other'), anyOption: true, named: 'all', style: 'words', examples: ['ss -tlnp → read', 'ip addr show → read', 'ip link set eth0 down → other@4', 'ifconfig → read', 'ss -K → other'] },
  { names: 'printenv', class: 'read', style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const names = parsed.words.slice(1).filter((word) => word.text !== '-0' && word.text !== '--null');
    if (names.length > 0 && names.every((word) => word.text !== null && plainVariable.test(word.text))) return;
    draft.worsen('other', names.length === 0 ? Infinity : parsed.words.length - 1);
  }, examples: ['printenv → other@Infinity', 'printenv PATH → read', 'printenv AWS_SECRET → other@1'] },
  { names: 'man info tldr', class: 'read', operands: 'data*', options: '-afkKlwWdDuc7 -# -s,--sections= -S= -e= -L= -m= -M=:other -P,--pager=:runs -H?:program --html?:program -X?:other -T?:other -Z:other -C=:program --config-file=:program -p,--preprocessor=:other -r= --prompt= -E= -l,--local-file:noted --whatis --apropos --where --path --all --help:shows --version:shows -V:shows', also: (parsed, draft) => {
    if (parsed.has('local-file') || parsed.operands.some((at) => /\//u.test(parsed.words[at]?.text ?? ''))) draft.worsen('other', parsed.operands.at(-1) ?? 0);
  }, examples: ["man -P 'sh -c ./x' ls → other@2 script:sh_-c_./x", 'man -H./x ls → other@1 read:./x', 'man ls → read', 'man ./x → other', "man --pager='x' ls → other script:x"] },
  { names: 'dmesg journalctl', class: 'other', anyOption: true, examples: ['dmesg → other@0'] },
  { names: 'shutdown reboot poweroff halt init telinit pm-suspend pm-hibernate', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    const name = parsed.words[0]?.text ?? '';
    const asks = parsed.words.length === 2 && /^--(?:help|version)$/u.test(parsed.words[1]?.text ?? '');
    if (!asks && (!name.endsWith('init') || parsed.words.slice(1).some((word) => /^[0156sS]$/u.test(word.text ?? '0')))) draft.block('power', `${name} stops or restarts the machine.`);
  }, examples: ['shutdown -h now → other guard:power', 'reboot → other guard:power', 'init 0 → other guard:power', 'init 3 → other', 'shutdown --help → other'] },
  { names: 'systemctl service launchctl rc-service supervisorctl pm2 sc net', class: (parsed) => (parsed.words[0]?.text === 'systemctl' && /^(?:status|is-active|is-enabled|list-\w+|show|cat)$/u.test(parsed.operand(0) ?? '') && !parsed.words.some((word) => word.text === null || /^-(?:H|M|-host|-machine|-root)/u.test(word.text)) ? 'read' : 'other'), anyOption: true, named: 'all', operands: 'data*', also: (parsed, draft) => {
    if (parsed.operands.some((at) => /^(?:poweroff|reboot|halt|kexec|suspend|hibernate|hybrid-sleep|rescue|emergency|exit|soft-reboot)$/u.test(parsed.words[at]?.text ?? '')) && parsed.words[0]?.text === 'systemctl') draft.block('power', 'It stops or restarts the machine.');
  }, examples: ['systemctl status x → read', 'systemctl poweroff → other guard:power', 'systemctl restart x → other@2', 'launchctl load x → other@2'] },
  { names: 'useradd userdel usermod groupadd groupdel passwd chpasswd adduser deluser chsh chfn visudo vipw gpasswd dscl sysctl modprobe insmod rmmod iptables nft ufw firewall-cmd setenforce hostnamectl timedatectl localectl hwclock ntpdate update-alternatives ldconfig depmod grub-install efibootmgr csrutil spctl nvram kextload pfctl renice logger mkinitcpio', named: 'all', anyOption: true, style: 'words', examples: ['useradd x → other@1', 'sysctl -w a=b → other@2'] },
  { names: 'ffmpeg ffprobe convert magick identify mogrify sox gs pdftotext exiftool yt-dlp youtube-dl wkhtmltopdf graphviz dot tesseract qpdf', named: 'all', anyOption: true, style: 'words', operands: 'noted*', also: (parsed, draft) => {
    for (const [at, word] of parsed.words.entries()) {
      if (at === 0 || word.text === null || word.text.startsWith('-')) continue;
      if (/^[a-z]+:\/\//iu.test(word.text)) draft.fetch(word.text, at);
      else if (/[./]/u.test(word.text)) draft.path(at === parsed.words.length - 1 && at > 1 ? 'write' : 'read', word.text, word, at);
    }
  }, examples: ['ffmpeg -i a.mp4 b.mp3 → other@3 read:a.mp4 write:b.mp3'] },
];
