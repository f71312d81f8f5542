// Agents wait for their hooks, so these have a small bundle of their own; all else is in the other (esbuild.mjs).
if (process.argv[2] === 'hook' && process.argv[3] !== '--help') {
  import('./hook.ts').then(({ runHook }) => runHook(process.argv.slice(3))).catch((error: unknown) => {
    process.stderr.write(`Denied: the hook could not start. ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
} else {
  import('./program.ts').then(({ runProgram }) => runProgram(), (error: unknown) => {
    process.stderr.write(`cowork-policy could not start: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
