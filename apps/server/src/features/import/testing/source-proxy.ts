import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** The network between an import and the server of its source: it can be cut, and be down for a while. */
export class SourceProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #port: number;
  #isDown = false;
  #cutAfter = Number.POSITIVE_INFINITY;
  #passed = 0;

  /** `socketPath`: the unix socket of the server. */
  static async open(socketPath: string): Promise<SourceProxy> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new SourceProxy(server, socketPath);
  }

  private constructor(server: Server, socketPath: string) {
    const address = server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    this.#server = server;
    server.on('connection', (client) => this.#join(client, socketPath));
  }

  /** URL of a source behind this proxy. */
  url(user: string, database: string): string {
    return `postgres://${user}@127.0.0.1:${this.#port}/${database}`;
  }

  /** Cuts all connections when the server has sent so many bytes more; once. */
  cutAfter(bytes: number): void {
    this.#passed = 0;
    this.#cutAfter = bytes;
  }

  /** Cuts all connections and accepts none until `up`. */
  down(): void {
    this.#isDown = true;
    this.#cut();
  }

  up(): void {
    this.#isDown = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, socketPath: string): void {
    if (this.#isDown) {
      client.destroy();
      return;
    }
    const server = connect(socketPath);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#open.delete(socket);
        other.destroy();
      });
    }
    client.pipe(server);
    server.on('data', (bytes) => this.#pass(bytes, server, client));
  }

  #pass(bytes: Buffer, server: Socket, client: Socket): void {
    const left = this.#cutAfter - this.#passed;
    this.#passed += bytes.length;
    const isFull = !client.write(bytes.subarray(0, Math.max(Math.min(left, bytes.length), 0)));
    if (this.#passed >= this.#cutAfter) {
      this.#cutAfter = Number.POSITIVE_INFINITY;
      client.end(() => this.#cut());
      return;
    }
    if (!isFull) return;
    server.pause();
    client.once('drain', () => server.resume());
  }

  #cut(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
