// Starts the program under test and ends it again, whatever happens to the story.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The binary as `cargo build` leaves it, or the one that $BEHORIG names. */
export const binary = process.env.BEHORIG ?? join(process.env.CARGO_TARGET_DIR ?? join(root, 'target'), 'debug', 'behorig');

/** A folder that is removed at the end. */
export function scratch() {
  const path = mkdtempSync(join(tmpdir(), 'behorig-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Runs a program until it prints its `ready` line. Resolves to what can be done with it; a program that ends before,
 * or stays silent, is an error that shows its last words.
 *
 * @param {string[]} args
 * @param {{ program?: string, ready?: RegExp, limit?: number, env?: Record<string, string>, cwd?: string }} [options]
 *   `ready` catches the address in its first group; `limit` in milliseconds.
 */
export async function start(args, { program = binary, ready = /^ready (\S+)/, limit = 60_000, env = {}, cwd } = {}) {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`cargo build\` first`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  const lines = [];
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('close', (code, signal) => resolve(code ?? signal));
  });

  const url = await new Promise((resolve, reject) => {
    const silence = setTimeout(() => reject(failed(`was not ready after ${limit / 1000} s`)), limit);
    const failed = (what) => {
      clearTimeout(silence);
      killed();
      return new Error(`${[program.split('/').pop(), ...args].join(' ')} ${what}:\n${lines.slice(-20).join('\n')}`);
    };
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const match = stream === child.stdout && ready.exec(line);
        if (match) {
          clearTimeout(silence);
          resolve(match[1]);
        }
      });
    }
    ended.then((how) => reject(failed(`ended with ${how}`)));
  });

  return {
    url,
    /** Everything printed so far, both streams. */
    lines,
    /** Resolves with the exit code or the signal. */
    ended,
    pid: child.pid,
    /** Asks it to end; kills it after five seconds. */
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(killed, 5_000);
      await ended;
      clearTimeout(late);
      process.off('exit', killed);
    },
  };
}

/** Runs a program to its end. A code other than 0 is no error here: the story looks at it. */
export async function run(args, { program = binary, env = {}, cwd } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { code, stdout, stderr };
}
