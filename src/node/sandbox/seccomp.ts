/**
 * A filter for Linux system calls that no build, test or script needs and that kernels have had most holes in; each of
 * them fails with EPERM. What is not named stays allowed: namespaces and missing rights hold the rest.
 * Numbers: linux/arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
 */
const calls: Readonly<Record<string, readonly [x64: number, arm64: number]>> = {
  ptrace: [101, 117], process_vm_readv: [310, 270], process_vm_writev: [311, 271], kcmp: [312, 272], pidfd_getfd: [438, 438],
  mount: [165, 40], umount2: [166, 39], pivot_root: [155, 41], chroot: [161, 51], open_tree: [428, 428], move_mount: [429, 429], fsopen: [430, 430], fsconfig: [431, 431], fsmount: [432, 432], fspick: [433, 433], mount_setattr: [442, 442],
  unshare: [272, 97], setns: [308, 268],
  bpf: [321, 280], perf_event_open: [298, 241], userfaultfd: [323, 282], io_uring_setup: [425, 425], io_uring_enter: [426, 426], io_uring_register: [427, 427],
  add_key: [248, 217], request_key: [249, 218], keyctl: [250, 219],
  init_module: [175, 105], finit_module: [313, 273], delete_module: [176, 106], kexec_load: [246, 104], kexec_file_load: [320, 294], reboot: [169, 142],
  swapon: [167, 224], swapoff: [168, 225], acct: [163, 89], quotactl: [179, 60], syslog: [103, 116], open_by_handle_at: [304, 265], name_to_handle_at: [303, 264],
  settimeofday: [164, 170], clock_settime: [227, 112], clock_adjtime: [305, 266], adjtimex: [159, 171], sethostname: [170, 161], setdomainname: [171, 162], lookup_dcookie: [212, 18], vhangup: [153, 58],
};
/** `clone` with a flag for a new namespace; `clone3` hides its flags in memory, so libraries are told it is not there and fall back */
const clone: readonly [number, number] = [56, 220];
const clone3 = 435;
const namespaceFlags = 0x7e020000;
/** Puts text into a terminal's input, as if typed there */
const ioctl: readonly [number, number] = [16, 29];
const terminalInjection = [0x5412, 0x541c];

/** Calls that set a file's mode, and which argument it is: a file that runs as its owner would outlive the sandbox */
const modes: readonly (readonly [x64: number | undefined, arm64: number | undefined, argument: number])[] = [
  [90, undefined, 1], [91, 52, 1], [268, 53, 2], [452, 452, 2], [2, undefined, 2], [257, 56, 3], [85, undefined, 1], [133, undefined, 1], [259, 33, 2],
];
const runsAsOwner = 0o6000;
/** `openat2` hides the mode in memory; libraries do without it */
const openat2 = 437;

const audit = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** BPF: load a word, jump if equal, jump if any bit is set, return (linux/bpf_common.h) */
const [load, equal, anyBit, give] = [0x20, 0x15, 0x45, 0x06];
const [allow, fail, kill] = [0x7fff0000, 0x00050000, 0x80000000];
const [permissionDenied, noSuchCall] = [1, 38];
/** Offsets in `struct seccomp_data` */
const at = { number: 0, architecture: 4, firstArgument: 16, secondArgument: 24 } as const;

type Step = readonly [code: number, ifTrue: number, ifFalse: number, value: number];

/** The filter as `bwrap --seccomp` reads it; `undefined` on processors it is not written for */
export function seccompFilter(architecture: string = process.arch): Buffer | undefined {
  if (architecture !== 'x64' && architecture !== 'arm64') return undefined;
  const column = architecture === 'x64' ? 0 : 1;
  const steps: Step[] = [
    [load, 0, 0, at.architecture],
    [equal, 1, 0, audit[architecture]],
    [give, 0, 0, kill],
    [load, 0, 0, at.number],
  ];
  // The second numbering of x86-64, which would walk around the list
  if (architecture === 'x64') steps.push([anyBit, 0, 1, 0x40000000], [give, 0, 0, fail | permissionDenied]);
  for (const numbers of Object.values(calls)) steps.push([equal, 0, 1, numbers[column]], [give, 0, 0, fail | permissionDenied]);
  for (const number of [clone3, openat2]) steps.push([equal, 0, 1, number], [give, 0, 0, fail | noSuchCall]);
  for (const [x64, arm64, argument] of modes) {
    const number = column === 0 ? x64 : arm64;
    if (number !== undefined) steps.push([equal, 0, 4, number], [load, 0, 0, at.firstArgument + 8 * argument], [anyBit, 0, 1, runsAsOwner], [give, 0, 0, fail | permissionDenied], [give, 0, 0, allow]);
  }
  steps.push([equal, 0, 4, clone[column]], [load, 0, 0, at.firstArgument], [anyBit, 0, 1, namespaceFlags], [give, 0, 0, fail | permissionDenied], [give, 0, 0, allow]);
  steps.push([equal, 0, 1 + 2 * terminalInjection.length, ioctl[column]], [load, 0, 0, at.secondArgument]);
  for (const request of terminalInjection) steps.push([equal, 0, 1, request], [give, 0, 0, fail | permissionDenied]);
  steps.push([give, 0, 0, allow]);
  return Buffer.concat(steps.map(encode));
}

/** `struct sock_filter`, in the byte order of both processors */
function encode([code, ifTrue, ifFalse, value]: Step): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(ifTrue, 2);
  bytes.writeUInt8(ifFalse, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
