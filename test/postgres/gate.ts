// Stands between a store and its server and can cut the line: the server is away, whoever asks, until it is opened again.
import { once } from 'node:events';
import { createServer, connect as dial, type Socket } from 'node:net';

export interface Gate {
  /** The same database, through the gate. */
  readonly url: string;
  /** Cuts every connection and lets nobody in. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function gateTo(url: string): Promise<Gate> {
  const target = new URL(url);
  const lines = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      lines.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        lines.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as { readonly port: number };
  const through = new URL(url);
  through.port = String(port);
  const shut = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const line of lines) line.destroy();
    await once(server, 'close');
  };
  return { url: through.toString(), shut, open: () => listen(port), close: shut };
}
