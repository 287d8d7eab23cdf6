#!/usr/bin/env node
// Starts the command line on the Node.js that the repository pins, also where the caller's is older.
import { spawn } from 'node:child_process';
import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

const MIN_NODE_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) >= MIN_NODE_MAJOR) {
  // Halves the time to start. Not in a folder for temporary files, where other users might put code of theirs.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/pegboard', import.meta.url)));
  await import('../src/cli/main.ts');
} else {
  startOn(nodeModule.createRequire(import.meta.url).resolve('node/bin/node'));
}

/** Runs this file on another Node.js, passing signals on and ending as it ends. */
function startOn(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`error: cannot start Node.js at ${node}: ${error.message}\nhint: run npm ci again.\n`);
    process.exitCode = 5;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 5;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
