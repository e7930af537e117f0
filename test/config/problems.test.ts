// What a person sees who made mistakes in the configuration: all of them, where they are, and what was expected.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { formatProblem } from '../../src/config/problem.ts';
import { connectionYaml, folderWith, loadProblems } from './write-config.ts';

const told = (yaml: string, env = {}): readonly string[] =>
  loadProblems(yaml, env).map((problem) => `${problem.line}:${problem.column} ${problem.path}: ${problem.message}`);

describe('problems of a configuration', () => {
  it('are all told at once, in the order of the file, each with line, column, path and expectation', () => {
    const yaml = `version: 1
databse: sqlite:./x.db
connections:
  - name: acme
    profile: classik
    sell: { accessToken: t, requestsPerSecond: -1 }
    dotdigital:
      user: u
    schedule: { every: 15, productsAt: "25:00", timezone: Mars }
    contacts:
      enabled: yes
      direction: both
      fields:
        - { sell: first_name, dotdigital: FIRSTNAME }
        - { sell: last_name, dotdigital: firstname, conflict: sel }
  - name: acme
    sell: { accessToken: a }
    dotdigital: { user: a, password: b }
    contacts: { enabled: true }
`;
    expect(told(yaml)).toEqual([
      '2:1 databse: unknown key "databse"; did you mean "database"?',
      '5:5 connections[0].profile: expected one of classic, recommended, found "classik"; did you mean "classic"?',
      '6:29 connections[0].sell.requestsPerSecond: expected a number of at least 0, found -1',
      '7:5 connections[0].dotdigital.password: missing: expected password or passwordFile',
      '9:17 connections[0].schedule.every: expected a duration such as 90s, 15m, 1h or 400d, found 15; put it in quotes',
      '9:28 connections[0].schedule.productsAt: expected a time of day such as "03:00" (24 hours, in quotes), found "25:00"',
      '9:49 connections[0].schedule.timezone: expected a time zone such as UTC or Europe/London, found "Mars"',
      '11:7 connections[0].contacts.enabled: expected true or false, found "yes"',
      '12:7 connections[0].contacts.direction: expected one of bi-directional, sell-to-dotdigital, dotdigital-to-sell, found "both"',
      '15:30 connections[0].contacts.fields[1].dotdigital: the data field firstname is already mapped by fields[0]',
      '15:53 connections[0].contacts.fields[1].conflict: expected one of sell, dotdigital, newest, hold, found "sel"; did you mean "sell"?',
      '16:5 connections[1].name: the name "acme" is taken by connections[0]',
      expect.stringMatching(
        /^19:5 connections\[1\]\.contacts\.multipleMatch: must be chosen: one of email-and-names, email, do-not-update\. /,
      ),
    ]);
  });

  it('are written with the file first, so that an editor can jump there', () => {
    const [problem] = loadProblems(connectionYaml('    contcats: { enabled: true }\n'));
    expect(problem === undefined ? '' : formatProblem(problem)).toMatch(
      /lockstep\.yaml:6:5 connections\[0\]\.contcats: unknown key "contcats"; did you mean "contacts"\?$/,
    );
  });

  it('name the known keys where nothing is near', () => {
    expect(told(connectionYaml('    names: { zzzzzz: 1 }\n'))).toEqual([
      '6:14 connections[0].names.zzzzzz: unknown key "zzzzzz"; known here: requiredFor',
    ]);
  });

  it.each([
    ['broken YAML', 'version: 1\nconnections: [\n', /^3:1 : not valid YAML: /],
    [
      'a key given twice',
      'version: 1\nversion: 1\nconnections: []\n',
      /^2:1 version: the key "version" stands twice in one group/,
    ],
    ['an empty file', '', /: the file is empty; expected version: 1 and connections$/],
    ['a list', '- 1\n', /^1:1 : expected a group of settings, found a list$/],
    ['another version', 'version: 2\nconnections: []\n', /^1:1 version: expected 1, found 2$/],
    [
      'an unknown database',
      'version: 1\ndatabase: mysql://x\nconnections: []\n',
      /^2:1 database: expected sqlite:PATH/,
    ],
    [
      'an id that YAML would round',
      connectionYaml('    contacts: { scope: { dotdigitalLists: [12345678901234567890] } }\n'),
      /dotdigitalLists\[0\]: expected a name, or an id/,
    ],
    ['an alert of no kind', connectionYaml('    alerts: [{ pager: x }]\n'), /alerts\[0\]: expected either \{ webhook/],
    [
      'a name of data field that is too long',
      connectionYaml('    contacts: { idField: A_VERY_LONG_FIELD_NAME_X }\n'),
      /idField: expected a data field name: up to 20/,
    ],
    [
      'a collection of another kind',
      connectionYaml('    products: { collection: Products }\n'),
      /collection: expected a name that begins with Catalog_/,
    ],
    [
      'a section left empty',
      connectionYaml('    consent:\n'),
      /consent: expected a group of settings, found nothing \(null\)$/,
    ],
  ])('%s is told', (_, yaml, expected) => {
    expect(told(yaml)).toContainEqual(expect.stringMatching(expected));
  });

  it('say so when there is no file, or one that cannot be read, without a place', () => {
    const folder = folderWith({});
    const read = (file: string) => {
      const result = loadConfig({ file, env: {} });
      return 'problems' in result ? result.problems : [];
    };
    expect(read(join(folder, 'none.yaml'))).toEqual([
      {
        file: join(folder, 'none.yaml'),
        line: null,
        column: null,
        path: '',
        message: expect.stringMatching(/^there is no such file/),
      },
    ]);
    expect(read(folder)[0]?.message).toBe('the file cannot be read: it is a folder');
  });

  it.each([
    ['Latin-1', Buffer.from(connectionYaml('    alerts: [] # für\n'), 'latin1'), 'no text in UTF-8'],
    ['UTF-16', Buffer.from(connectionYaml(), 'utf16le'), 'control character'],
    ['more than 8 MB', Buffer.alloc(9 * 1024 * 1024, '#'), 'larger than 8 MB'],
  ])('a file in %s is refused, since a text in it would silently become another one', (_, bytes, expected) => {
    const file = join(folderWith({}), 'lockstep.yaml');
    writeFileSync(file, bytes);
    const loaded = loadConfig({ file, env: {} });
    expect('problems' in loaded && loaded.problems[0]?.message).toContain(expected);
  });

  it.each([
    ['a list', 'x: &x [*x]'],
    ['a group', 'x: &x { a: { b: *x } }'],
    ['a key', 'x: &x { *x : 1 }'],
  ])('an alias within %s that it stands for is refused', (_, yaml) => {
    expect(told(`${connectionYaml()}${yaml}\n`)).toHaveLength(1);
  });

  it.each([200, 20_000])('%i groups within each other are one problem', (depth) => {
    const yaml = `${connectionYaml()}x: ${'{ a: '.repeat(depth)}1${' }'.repeat(depth)}\n`;
    expect(told(yaml)).toEqual(['null:null : the file nests something deeper than any setting is']);
  });

  it.each(['1: a, "1": b', 'true: a, "true": b', 'null: a', '1.0: a', '[a]: b'])(
    'keys that would become other ones or one, as in { %s }, are refused',
    (values) => {
      const yaml = connectionYaml(`    contacts: { fields: [{ sell: a, dotdigital: A, values: { ${values} } }] }\n`);
      expect(told(yaml)).toEqual([expect.stringMatching(/put it in quotes|stands twice/)]);
    },
  );

  it('a value that no object can hold is refused instead of lost', () => {
    const yaml = connectionYaml('    contacts: { fields: [{ sell: a, dotdigital: A, values: { __proto__: b } }] }\n');
    expect(told(yaml)).toEqual([expect.stringContaining('values.__proto__: the value __proto__ cannot be translated')]);
  });

  it.each([
    ['schedule: { every: 99999999d }', 'a duration'],
    ['retention: { history: 99999999999999999999h }', 'a duration such as 90d'],
    ['deleteGrace: 9999999w', 'a duration such as 15m'],
    [
      'alerts: [{ webhook: "https://user:password@hooks.example.com/x" }]',
      'an address that begins with https:// (or http://), without a user',
    ],
  ])('what could not be used later on is refused: %s', (line, expected) => {
    expect(told(connectionYaml(`    ${line}\n`))).toEqual([expect.stringContaining(`expected ${expected}`)]);
  });

  it.each([
    ['url: "https://api.example.com/?a=b"', 'without a user, ? or #'],
    ['url: "https://user:password@api.example.com"', 'without a user, ? or #'],
    ['requestsPerSecond: 5e-324', 'at least 0.01, or 0'],
  ])('so is an account with %s', (setting, expected) => {
    expect(told(connectionYaml().replace('sell: {', `sell: { ${setting},`))).toEqual([
      expect.stringContaining(expected),
    ]);
  });

  it('thousands of them are cut to what somebody reads', () => {
    const keys = Array.from({ length: 30_000 }, (_, i) => `key${i}: 1\n`).join('');
    const all = told(connectionYaml() + keys);
    expect(all).toHaveLength(101);
    expect(all).toContainEqual('1:1 : and 29900 more unknown keys');
    const names = Array.from({ length: 300 }, () => connectionYaml().split('connections:\n')[1]).join('');
    expect(told(`version: 1\nconnections:\n${names}`).at(-1)).toBe('null:null : and 99 more; correct these first');
  });

  it('are on one line each, whatever a key is', () => {
    expect(told(`${connectionYaml()}"a\\u001B[31m\\nb": 1\n`)).toEqual([
      expect.stringMatching(/^6:1 a…: unknown key "a…"/),
    ]);
  });

  it('tell what a missing key is for', () => {
    const [problem] = loadProblems('connections: []\n');
    expect(problem?.path).toBe('version');
    expect(problem?.message).toBe('missing: expected 1 (Version of this file format.)');
  });

  it('accept JSON as well, with places', () => {
    expect(told('{ "version": 1,\n  "conections": [] }')).toContainEqual(
      '2:3 conections: unknown key "conections"; did you mean "connections"?',
    );
  });
});
