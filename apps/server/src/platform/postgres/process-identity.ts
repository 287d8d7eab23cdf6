import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  /** Name of the program. */
  readonly program: string;
  readonly argv: readonly string[];
  /** Opaque; differs between two processes that had the same pid one after the other. */
  readonly startedAt: string;
}

/** What is known of a running process; null when there is none (a zombie, and one that is just ending, count as none). */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    return null;
  }
  return process.platform === 'linux' ? identifyOnLinux(pid) : identifyByPs(pid);
}

function identifyOnLinux(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in brackets and may hold any character; the fields after it do not.
    const nameEnd = stat.lastIndexOf(')');
    const fields = stat.slice(nameEnd + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') {
      return null;
    }
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    // A process that ends gives up its memory, and its arguments with it, before it is a zombie.
    if (argv.length === 0) {
      return null;
    }
    return {
      program: stat.slice(stat.indexOf('(') + 1, nameEnd),
      argv,
      startedAt: fields[19] ?? '',
    };
  } catch {
    return null;
  }
}

function identifyByPs(pid: number): ProcessIdentity | null {
  try {
    const ps = (column: string) =>
      execFileSync('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' });
    if (ps('state').startsWith('Z')) {
      return null;
    }
    const path = ps('comm').trim();
    return {
      program: path.slice(path.lastIndexOf('/') + 1),
      argv: ps('args').trim().split(' '),
      startedAt: ps('lstart').trim(),
    };
  } catch {
    return null;
  }
}
