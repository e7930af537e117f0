// Secrets from the environment and from files, and that none of them is ever shown.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redact, redactDatabase } from '../../src/config/redact.ts';
import { connectionYaml, folderWith, load, loadOk, loadProblems } from './write-config.ts';

const withSell = (sell: string, more = ''): string => `version: 1
${more}connections:
  - name: acme
    sell: ${sell}
    dotdigital: { user: u, password: p }
`;

describe('environment', () => {
  it('fills in texts, also within a text, and leaves $${ alone', () => {
    const config = loadOk(withSell('{ accessToken: "a-${TOKEN}-$${TOKEN}" }'), { TOKEN: 'xyz' });
    expect(config.connections[0]?.sell.credentials).toEqual({ type: 'token', accessToken: 'a-xyz-${TOKEN}' });
  });

  it('gives numbers and switches too', () => {
    const yaml = `${connectionYaml('    partialWrite: ${PARTIAL}\n')}server: { port: "\${PORT}" }\n`;
    const config = loadOk(yaml, { PORT: '9000', PARTIAL: 'true' });
    expect(config.server.port).toBe(9000);
    expect(config.connections[0]?.partialWrite).toBe(true);
  });

  it('tells every missing or empty variable by name', () => {
    const yaml = withSell('{ accessToken: "${NOT_THERE}", url: "${EMPTY}" }');
    expect(loadProblems(yaml, { EMPTY: '' }).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'connections[0].sell.accessToken: the environment variable NOT_THERE is not set; set it, or write the value here',
      'connections[0].sell.url: the environment variable EMPTY is empty; set it, or write the value here',
    ]);
  });

  it.each(['${}', '${1A}', '${A'])('refuses %s', (text) => {
    const [problem] = loadProblems(withSell(`{ accessToken: '${text}' }`), { A: 'x' });
    expect(problem?.message).toMatch(/^expected \$\{NAME\}/);
  });
});

describe('secret files', () => {
  it('are read without the line break at their end', () => {
    const folder = folderWith({
      token: 'secret-token\n',
      client: 'secret-client\r\n',
      refresh: 'secret-refresh',
      pass: ' spaced \n',
    });
    const at = (name: string): string => join(folder, name);
    const yaml = `version: 1
connections:
  - name: one
    sell: { accessTokenFile: ${at('token')} }
    dotdigital: { user: u, passwordFile: ${at('pass')} }
  - name: two
    sell: { oauth: { clientId: c, clientSecretFile: ${at('client')}, refreshTokenFile: ${at('refresh')} } }
    dotdigital: { user: u, password: p }
`;
    const [one, two] = loadOk(yaml).connections;
    expect(one?.sell.credentials).toEqual({ type: 'token', accessToken: 'secret-token' });
    expect(two?.sell.credentials).toEqual({
      type: 'oauth',
      clientId: 'c',
      clientSecret: 'secret-client',
      refreshToken: 'secret-refresh',
    });
  });

  it('that cannot be read, are empty or stand beside the value are told', () => {
    const folder = folderWith({ empty: '\n' });
    const yaml = `version: 1
connections:
  - name: one
    sell: { accessTokenFile: ${join(folder, 'nowhere')} }
    dotdigital: { user: u, password: p, passwordFile: ${join(folder, 'empty')} }
  - name: two
    sell: { accessToken: t, oauth: { clientId: c, clientSecret: s, refreshToken: r } }
    dotdigital: { user: u, passwordFile: ${join(folder, 'empty')} }
`;
    expect(loadProblems(yaml).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      `connections[0].sell.accessTokenFile: cannot read ${join(folder, 'nowhere')}: there is no such file`,
      'connections[0].dotdigital.passwordFile: expected either password or passwordFile, found both',
      'connections[1].sell.oauth: expected either accessToken or oauth, found both',
      `connections[1].dotdigital.passwordFile: the file ${join(folder, 'empty')} is empty`,
    ]);
  });

  it('may hold the key that encrypts stored secrets, in base64 or hexadecimal', () => {
    const bytes = new Uint8Array(32).map((_, i) => i * 7);
    for (const encoding of ['base64', 'hex'] as const) {
      const folder = folderWith({ key: `${Buffer.from(bytes).toString(encoding)}\n` });
      expect(loadOk(withSell('{ accessToken: t }', `secretKeyFile: ${join(folder, 'key')}\n`)).secretKey).toEqual(
        bytes,
      );
    }
    const [problem] = loadProblems(withSell('{ accessToken: t }', 'secretKey: c2hvcnQ=\n'));
    expect(problem?.message).toMatch(/^expected 32 bytes/);
  });
});

describe('a secret', () => {
  const secrets = [
    'tok-SECRET',
    'pw-SECRET',
    'cs-SECRET',
    'rt-SECRET',
    'db-SECRET',
    'hook-SECRET',
    Buffer.alloc(32, 'S').toString('base64'),
  ];
  const yaml = (broken: string): string => `version: 1
database: postgres://lockstep:db-SECRET@127.0.0.1:5432/lockstep
secretKey: ${secrets[6]}
connections:
  - name: one
    sell: { accessToken: tok-SECRET }
    dotdigital: { user: u, password: pw-SECRET }
    alerts: [{ webhook: "https://hooks.example.com/hook-SECRET" }]
${broken}  - name: two
    sell: { oauth: { clientId: c, clientSecret: cs-SECRET, refreshToken: rt-SECRET } }
    dotdigital: { user: u, password: pw-SECRET }
`;

  it('is not in the configuration that is shown', () => {
    const text = JSON.stringify(redact(loadOk(yaml(''))));
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).toContain('postgres://lockstep:***@127.0.0.1:5432/lockstep');
  });

  it('is in no problem, even where it stands in the wrong place', () => {
    const broken = '    sell: { accessToken: [tok-SECRET], oauth: hook-SECRET }\n';
    const twisted = yaml('')
      .replace('    sell: { accessToken: tok-SECRET }\n', broken)
      .replace('"https://hooks.example.com/hook-SECRET"', 'hook-SECRET');
    const problems = JSON.stringify(loadProblems(twisted));
    for (const secret of secrets.filter((one) => one !== 'hook-SECRET')) expect(problems).not.toContain(secret);
  });

  it('from the environment is in no problem, wherever it was used', () => {
    const problems = loadProblems(connectionYaml('    profile: ${VALUE}\n'), { VALUE: 'env-SECRET' });
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).not.toContain('env-SECRET');
  });

  it('in a database address is hidden, in the query as well', () => {
    expect(redactDatabase('postgres://u:x@h/d?password=y&application_name=z')).toBe(
      'postgres://u:***@h/d?password=***&application_name=z',
    );
    expect(redactDatabase('sqlite:./a.db')).toBe('sqlite:./a.db');
  });
});

describe('--database', () => {
  it('wins over the file, and is checked like it', () => {
    const result = load(connectionYaml(), {}, 'sqlite:/tmp/other.db');
    expect('ok' in result ? result.ok.database : null).toBe('sqlite:/tmp/other.db');
    const wrong = load(connectionYaml(), {}, 'oracle:x');
    expect('problems' in wrong ? wrong.problems[0]?.message : null).toMatch(/^expected sqlite:PATH/);
  });
});
