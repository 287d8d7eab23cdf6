import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { UserOptions, UserReply, UserRequest } from './fixtures/embedded-server-user.ts';

const FIXTURE = fileURLToPath(new URL('./fixtures/embedded-server-user.ts', import.meta.url));

/** A real process that joined or started an embedded server. */
export class ServerUserProcess {
  readonly child: ChildProcess;
  readonly #replies: UserReply[] = [];
  #wake: () => void = () => {};

  /** Starts the process; `opened` tells how it went. */
  constructor(options: UserOptions) {
    this.child = fork(FIXTURE, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.child.on('message', (reply: UserReply) => {
      this.#replies.push(reply);
      this.#wake();
    });
    this.child.once('exit', () => this.#wake());
  }

  async opened(): Promise<{ joined: boolean; port: number }> {
    const { joined, port } = await this.#expect('open');
    return { joined, port };
  }

  /** The error that the process ended with instead of opening. */
  async refused(): Promise<{ code: string; message: string; hint: string }> {
    return await this.#expect('error');
  }

  async query(sql: string): Promise<readonly Record<string, unknown>[]> {
    this.#send({ sql });
    return (await this.#expect('rows')).rows;
  }

  async close(): Promise<void> {
    this.#send('close');
    await this.#expect('closed');
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await once(this.child, 'exit');
    }
  }

  #send(request: UserRequest): void {
    this.child.send(request);
  }

  async #expect<Kind extends UserReply['kind']>(kind: Kind): Promise<Extract<UserReply, { kind: Kind }>> {
    while (this.#replies.length === 0) {
      if (this.child.exitCode !== null || this.child.signalCode !== null) {
        throw new Error(`the process ended without a reply (${this.child.exitCode ?? this.child.signalCode})`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const reply = this.#replies.shift()!;
    if (reply.kind !== kind) {
      throw new Error(`expected ${kind}, got ${JSON.stringify(reply)}`);
    }
    return reply as Extract<UserReply, { kind: Kind }>;
  }
}
