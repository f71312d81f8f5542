#!/usr/bin/env node
// Stands in for VS Code's own executable where its vendor's download is out of reach: takes the flags that
// `@vscode/test-electron` passes, runs the tests inside a real extension host, ends with their exit code.
import { runInside } from './runInside.ts';

process.exitCode = await runInside(process.argv.slice(2));
