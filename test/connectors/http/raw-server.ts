// A server on a real socket that answers byte by byte as told: for broken connections and cut-off bodies.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

export interface RawServer {
  readonly url: string;
  /** Request heads and bodies received so far, as text. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export type Answer = (socket: Socket, request: string) => void;

/** Gives the first answer to the first request, and so on; the last one goes on for ever. */
export async function startRawServer(...answers: readonly [Answer, ...Answer[]]): Promise<RawServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let buffer = '';
    socket.on('data', (bytes) => {
      buffer += bytes.toString('utf8');
      const headEnd = buffer.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffer.slice(0, headEnd))?.[1] ?? 0);
      if (buffer.length < headEnd + 4 + length) return;
      const request = buffer;
      buffer = '';
      requests.push(request);
      const answer = answers[Math.min(requests.length, answers.length) - 1];
      answer?.(socket, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A complete answer; the connection is closed after it. */
export function answer(status: number, body = '', headers: { readonly [name: string]: string } = {}): Answer {
  return (socket) => {
    const lines = Object.entries({
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
      ...headers,
    });
    const head = [`HTTP/1.1 ${status} X`, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
    socket.end(`${head}\r\n\r\n${body}`);
  };
}

/** Takes the request and breaks the connection without a word. */
export const reset: Answer = (socket) => {
  socket.resetAndDestroy();
};

/** Announces more than it sends. */
export function cutOff(status: number, body: string): Answer {
  return (socket) => {
    socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: ${Buffer.byteLength(body) + 50}\r\n\r\n${body}`, () =>
      socket.destroy(),
    );
  };
}

/** Takes the request and never answers. */
export const silence: Answer = () => undefined;
