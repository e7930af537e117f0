// The description of the API that others generate clients from: valid, complete, without loose ends.
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { ROUTES, type Route } from '../../src/api/contract/routes.table.ts';
import { openApi } from '../../src/api/openapi.ts';

const document = openApi('1.2.3') as {
  readonly paths: { readonly [path: string]: { readonly [method: string]: Operation } };
  readonly components: { readonly [kind: string]: { readonly [name: string]: unknown } };
};

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly required: boolean };
  readonly responses: { readonly [status: string]: object };
}

const routes: readonly (readonly [string, Route])[] = Object.entries(ROUTES);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it.each(routes)('%s has its operation, its parameters and its answers', (id, route) => {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    expect(operation?.operationId).toBe(id);
    const inPath = operation?.parameters.filter((one) => one.in === 'path').map(({ name }) => name);
    expect(inPath?.sort()).toEqual([...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort());
    expect(Object.keys(operation?.responses ?? {})).toEqual([String(route.status ?? 200), 'default']);
  });

  it('refers to nothing that is not there', () => {
    const refs = JSON.stringify(document).match(/"\$ref":"[^"]*"/g) ?? [];
    expect(refs.length).toBeGreaterThan(50);
    for (const ref of new Set(refs)) {
      const [, kind = '', name = ''] = /#\/components\/(\w+)\/([\w-]+)"$/.exec(ref) ?? [];
      expect(document.components[kind]?.[name], ref).toBeDefined();
    }
  });

  it('asks for a body only where there has to be one', () => {
    expect(document.paths['/api/session']?.['post']?.requestBody?.required).toBe(true);
    expect(document.paths['/api/runs/{run}/approve']?.['post']?.requestBody).toBeUndefined();
  });
});
