// docs/configuration.md from the configuration's schema and the profiles. Knows how a setting is told, not what it means.
import { DEFAULT_FIELDS } from '../src/config/default-fields.table.ts';
import { configJsonSchema, defaultAt, type JsonSchema } from '../src/config/json-schema.ts';
import { FIXED, MustChoose } from '../src/config/profiles.table.ts';

const INTRO = `# Configuration

<!-- Made by \`npm run docs\` from src/config. Change the schema, not this page. -->

Lockstep reads one file, \`lockstep.yaml\` unless \`--config\` names another. It is YAML; JSON is YAML too.
\`lockstep config schema > lockstep.schema.json\` writes its JSON Schema; with
\`# yaml-language-server: $schema=./lockstep.schema.json\` as first line an editor completes and checks while you type.
\`lockstep config show\` prints the configuration as it applies, every default filled in and every secret hidden.

## A first file

\`\`\`yaml
version: 1
connections:
  - name: acme
    profile: recommended
    sell:
      accessToken: \${SELL_ACCESS_TOKEN}
    dotdigital:
      user: \${DOTDIGITAL_USER}
      password: \${DOTDIGITAL_PASSWORD}
    contacts: { enabled: true }
    leads: { enabled: true }
    consent:
      enabled: true
      unknownConsentAs: unsubscribed
      contacts: { tags: { optIn: [newsletter], optOut: [unsubscribed] } }
      leads: { tags: { optIn: [newsletter], optOut: [unsubscribed] } }
\`\`\`

## How it is read

- **All problems at once.** Each with file, line, column, path and what was expected; an unknown key comes with what was probably meant. Exit code 2.
- **Plain text.** UTF-8, at most 8 MB. Keys are texts and stand once in a group; there are no tags, and numbers and words that are meant as texts need quotes.
- **Environment.** \`\${NAME}\` in a text becomes the value of that environment variable; a variable that is missing or empty is a problem. \`$\${\` is a plain \`\${\`.
- **Secrets in files.** A secret \`x\` may be given as \`xFile: PATH\` instead; a line break at the end is dropped. Giving both is a problem.
- **Relative paths**, of the database and of secret files, count from the working directory of the command.
- **Profiles** fill in what is left out. What the file says always wins. Two columns below give each profile's default;
  *must be chosen* means that there is none: as soon as the setting matters, it has to be in the file.
- **Durations** are \`90s\`, \`15m\`, \`1h\`, \`1h30m\`, \`400d\`, \`2w\`.
- **Lists and owners** are named by name (or e-mail address) or by id; ids of more than 15 digits need quotes.

A Sell field is named by its path: an attribute (\`first_name\`, \`title\`, \`phone\`, \`customer_status\`, \`tags\` …), a part of an address
(\`address.city\`, \`billing_address.line1\` …), \`custom_fields.NAME\`, or a relation that can only be read (\`owner.email\`,
\`organization.name\` …). A Dotdigital field is named by its data field name. The e-mail address is always mapped.
`;

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ');

function shown(value: unknown): string {
  if (value instanceof MustChoose) return '*must be chosen*';
  if (value === undefined) return '';
  if (value === null) return '`null`';
  return cell(`\`${typeof value === 'string' ? value : JSON.stringify(value)}\``);
}

/** What may stand there, in words. */
function kinds(schema: JsonSchema): readonly string[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap(kinds);
  if (schema.enum !== undefined) return [schema.enum.map((value) => `\`${String(value)}\``).join(', ')];
  if (schema.const !== undefined) return [`\`${String(schema.const)}\``];
  if (Array.isArray(schema.type)) return schema.type.flatMap((type: string) => kinds({ type }));
  switch (schema.type) {
    case 'array':
      return ['list'];
    case 'object':
      return [schema.properties === undefined ? 'pairs' : 'group'];
    case 'string':
      return ['text'];
    case 'boolean':
      return ['`true`, `false`'];
    case 'integer':
    case 'number':
      return ['number'];
    default:
      return [String(schema.type)];
  }
}

const kind = (schema: JsonSchema): string => cell([...new Set(kinds(schema))].join(' or '));

const isGroup = (schema: JsonSchema): boolean => schema.properties !== undefined;

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly path: readonly string[];
}

/** Settings of a group in order; groups inside become dotted keys. */
function rows(schema: JsonSchema, prefix: string, path: readonly string[]): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) => {
    const name = `${prefix}${key}`;
    const below = [...path, key];
    if (isGroup(child)) return rows(child, `${name}.`, below);
    const group = child.anyOf?.find(isGroup);
    const own: Row = { key: name, schema: child, required: schema.required?.includes(key) === true, path: below };
    return group === undefined || child.anyOf?.length !== 2 ? [own] : [own, ...rows(group, `${name}.`, below)];
  });
}

function table(schema: JsonSchema, path: readonly string[]): string {
  const lines = rows(schema, '', path).map(({ key, schema: row, required, path: at }) => {
    const [classic, recommended] = [defaultAt('classic', at), defaultAt('recommended', at)].map(shown);
    const defaults = required ? '*required* | *required*' : `${classic} | ${recommended}`;
    return `| \`${key}\` | ${kind(row)} | ${defaults} | ${cell(row.description ?? '')} |`;
  });
  return ['| setting | values | classic | recommended | |', '|---|---|---|---|---|', ...lines].join('\n');
}

function rootTable(schema: JsonSchema): string {
  const lines = rows(schema, '', [])
    .filter(({ key }) => key !== 'connections')
    .map(({ key, schema: row, required, path }) => {
      let at: unknown = { database: FIXED.database, server: FIXED.server };
      for (const step of path)
        at =
          typeof at === 'object' && at !== null ? Object.entries(at).find(([name]) => name === step)?.[1] : undefined;
      return `| \`${key}\` | ${kind(row)} | ${required ? '*required*' : shown(at)} | ${cell(row.description ?? '')} |`;
    });
  return ['| setting | values | default | |', '|---|---|---|---|', ...lines].join('\n');
}

function fieldSection(connection: JsonSchema): string {
  const forms = connection.properties?.['contacts']?.properties?.['fields']?.anyOf ?? [];
  const field = forms.find((form) => form.items !== undefined)?.items ?? {};
  const lines = Object.entries(field.properties ?? {}).map(
    ([key, row]) =>
      `| \`${key}\` | ${kind(row)} | ${field.required?.includes(key) === true ? 'yes' : ''} | ${cell(row.description ?? '')} |`,
  );
  const mapping = (['contact', 'lead'] as const).map((role) => {
    const pairs = DEFAULT_FIELDS[role].map(({ sell, dotdigital }) => `\`${sell}\` ↔ \`${dotdigital}\``).join(', ');
    return `- ${role}s: ${pairs}`;
  });
  return [
    '### fields',
    '',
    'One line per mapped field, in `contacts.fields` and `leads.fields`:',
    '',
    '| key | values | required | |',
    '|---|---|---|---|',
    ...lines,
    '',
    'Left out, these are mapped:',
    '',
    ...mapping,
  ].join('\n');
}

/** The whole page. */
export function configurationPage(): string {
  const schema = configJsonSchema();
  const connection = schema.properties?.['connections']?.items ?? {};
  const groups = Object.entries(connection.properties ?? {}).filter(([, child]) => isGroup(child));
  const plain: JsonSchema = {
    ...connection,
    properties: Object.fromEntries(Object.entries(connection.properties ?? {}).filter(([, child]) => !isGroup(child))),
  };
  const sections = groups.flatMap(([name, child]) => {
    const section = [`### ${name}`, '', child.description ?? '', '', table(child, [name]), ''];
    return name === 'leads' ? [...section, fieldSection(connection), ''] : section;
  });
  return [
    INTRO,
    '## The file',
    '',
    rootTable(schema),
    '',
    '## A connection',
    '',
    'Each entry of `connections`:',
    '',
    table(plain, []),
    '',
    ...sections,
  ].join('\n');
}
