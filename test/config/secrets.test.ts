// Secrets from the environment and from files, and that none of them is ever shown.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyConfig } from '../../src/config/load-config.ts';
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

  it.each(['toString', 'constructor', '__proto__'])(
    'does not take for a variable what every object has: %s',
    (name) => {
      const [problem] = loadProblems(withSell(`{ accessToken: '\${${name}}' }`));
      expect(problem?.message).toBe(`the environment variable ${name} is not set; set it, or write the value here`);
      expect(loadProblems(connectionYaml('    partialWrite: ${SWITCH}\n'), { SWITCH: name })[0]?.message).toBe(
        'expected true or false, found another text',
      );
    },
  );

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

  it.each([
    ['no space after a colon', 'sell: { accessToken:tok-SECRET }', 'a key ends with a colon and a space'],
    ['no space after a colon on a line of its own', 'sell:\n      accessToken:tok-SECRET', 'found another text'],
    ['no colon', 'sell: { accessToken tok-SECRET }', 'a key ends with a colon and a space'],
    ['a star before it', 'sell: { accessToken: *tok-SECRET }', 'begins with * needs quotes'],
    ['a bang before it', 'sell: { accessToken: !tok-SECRET }', 'begins with ! needs quotes'],
    ['a bar before it', 'sell:\n      accessToken: |tok-SECRET', 'Block scalar header'],
    ['a backslash in it', 'sell: { accessToken: "\\Utok-SECRET" }', 'begins no known escape'],
    ['a place in an address', 'sell: { accessToken: t, url: "ftp://me:tok-SECRET@example.com" }', 'found another text'],
    ['a place among alerts', 'alerts: ["https://hooks.example.com/tok-SECRET"]', 'found another text'],
    ['the path of its file', `sell: { accessTokenFile: '${'$'}{TOKEN}' }`, 'cannot read the file of this variable'],
    [
      'two data fields',
      `contacts: { fields: [{ sell: a, dotdigital: '${'$'}{TOKEN}' }, { sell: b, dotdigital: '${'$'}{TOKEN}' }] }`,
      'this data field',
    ],
    ['characters that no header carries', 'sell: { accessToken: "tok-SECRET\\nx" }', 'on one line'],
  ])('is in no problem with %s', (_, line, expected) => {
    const yaml = connectionYaml(`    ${line}\n`).replace(
      line.startsWith('sell') ? / {4}sell: .*token-1 }\n/ : '-',
      (kept) => (kept === '-' ? '-' : ''),
    );
    const problems = JSON.stringify(loadProblems(yaml, { TOKEN: 'tok-SECRET' }));
    expect(problems).toContain(expected);
    expect(problems).not.toContain('SECRET');
  });

  it('of a database that nothing can reach is in no problem', () => {
    for (const url of ['postgre://u:pw-SECRET@h/d', 'mysql://u:pw-SECRET@h/d', 'postgres://u:pw-SECRET@h:99999/d']) {
      const problems = JSON.stringify(loadProblems(`database: "${url}"\n${connectionYaml()}`));
      expect(problems).toContain('expected sqlite:PATH');
      expect(problems).not.toContain('SECRET');
    }
  });

  it('in a database address is hidden, in the query as well', () => {
    expect(redactDatabase('postgres://u:x@h/d?password=y&application_name=z')).toBe(
      'postgres://u:***@h/d?password=***&application_name=z',
    );
    expect(redactDatabase('sqlite:./a.db')).toBe('sqlite:./a.db');
  });
});

describe('--database', () => {
  it('is checked where there is no file as well', () => {
    for (const url of ['oracle:u:pw-SECRET@h', 'postgres://u:pw-SECRET@h:99999/d', 'sqlite:', 'sqlite:a\0b', '']) {
      const result = emptyConfig(url);
      const [problem] = 'problems' in result ? result.problems : [];
      expect(problem).toMatchObject({ file: '--database', path: '', message: expect.stringMatching(/^expected/) });
      expect(JSON.stringify(problem)).not.toContain('SECRET');
    }
  });

  it('wins over the file, and is checked like it', () => {
    const result = load(connectionYaml(), {}, 'sqlite:/tmp/other.db');
    expect('ok' in result ? result.ok.database : null).toBe('sqlite:/tmp/other.db');
    const wrong = load(connectionYaml(), {}, 'oracle:x');
    expect('problems' in wrong ? wrong.problems[0]?.message : null).toMatch(/^expected sqlite:PATH/);
  });
});
