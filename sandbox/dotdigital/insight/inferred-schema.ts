// What a collection has learnt about the types of its fields from the records it took. Never changes a type once seen.

/** A field's type as the collection learnt it. */
export type InferredType = 'STRING' | 'FLOAT' | 'BOOLEAN' | 'TIMESTAMP' | 'RECORD';

/** Types by dotted path; array members share the path of their array. */
export type InferredSchema = Map<string, { readonly type: InferredType; readonly repeated: boolean }>;

const ISO_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

const EXPECTED: Readonly<Record<InferredType, string>> = {
  STRING: 'a string',
  FLOAT: 'a number',
  BOOLEAN: 'a boolean',
  TIMESTAMP: 'a date',
  RECORD: 'an object',
};

function typeOf(value: unknown): InferredType | undefined {
  switch (typeof value) {
    case 'string':
      return ISO_DATE.test(value) ? 'TIMESTAMP' : 'STRING';
    case 'number':
      return 'FLOAT';
    case 'boolean':
      return 'BOOLEAN';
    case 'object':
      return value === null ? undefined : 'RECORD';
    default:
      return undefined;
  }
}

function fits(known: InferredType, now: InferredType): boolean {
  // A field that began as text takes any text; one that began as a date takes dates alone.
  return known === now || (known === 'STRING' && now === 'TIMESTAMP');
}

interface Finding {
  readonly path: string;
  readonly type: InferredType;
  readonly repeated: boolean;
}

function collect(json: Readonly<Record<string, unknown>>, prefix: string, into: Finding[]): void {
  for (const [name, value] of Object.entries(json)) {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const repeated = Array.isArray(value);
    for (const item of repeated ? (value as readonly unknown[]) : [value]) {
      const type = typeOf(item);
      if (type === undefined) continue;
      into.push({ path, type, repeated });
      if (type === 'RECORD') collect(item as Readonly<Record<string, unknown>>, path, into);
    }
  }
}

/**
 * Checks a record against the schema and, when it fits, lets the schema learn the fields it did not know.
 * @returns what does not fit, in the words of the service; empty when everything does
 */
export function learn(schema: InferredSchema, json: Readonly<Record<string, unknown>>): readonly string[] {
  const findings: Finding[] = [];
  collect(json, '', findings);
  const seen = new Map(schema);
  const misfits: string[] = [];
  for (const { path, type, repeated } of findings) {
    const known = seen.get(path);
    if (!known) seen.set(path, { type, repeated });
    else if (known.repeated !== repeated) {
      misfits.push(`Field '${path}' is expected to be ${known.repeated ? 'an array' : EXPECTED[known.type]}`);
    } else if (!fits(known.type, type)) misfits.push(`Field '${path}' is expected to be ${EXPECTED[known.type]}`);
  }
  if (misfits.length === 0) for (const [path, known] of seen) schema.set(path, known);
  return misfits;
}

/** One field as `GET …/schema` describes it. */
export interface SchemaField {
  readonly name: string;
  readonly mode: 'NULLABLE' | 'REPEATED' | 'REQUIRED';
  readonly type: string;
  readonly fields: readonly SchemaField[];
}

/** The fields below a path, in the order they were learnt. */
export function describeSchema(schema: InferredSchema, prefix = ''): readonly SchemaField[] {
  const fields: SchemaField[] = [];
  for (const [path, { type, repeated }] of schema) {
    const name = prefix === '' ? path : path.startsWith(`${prefix}.`) ? path.slice(prefix.length + 1) : undefined;
    if (name === undefined || name.includes('.')) continue;
    fields.push({ name, mode: repeated ? 'REPEATED' : 'NULLABLE', type, fields: describeSchema(schema, path) });
  }
  return fields;
}
