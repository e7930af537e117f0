// The documented shape of a v3 contact write, checked member by member. Never asks the account anything.

import {
  CHANNEL_WRITES,
  EMAIL_TYPES,
  EMAIL_WRITES,
  type EmailType,
  type EmailWrite,
  OPT_IN_TYPES,
  type OptInType,
  type WhatsAppStatus,
} from '../model/statuses.ts';
import type { ResubscribeOptions } from './subscription.ts';

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** One thing that is not as documented. */
export interface ShapeProblem {
  readonly item: string;
  readonly description: string;
  /** True for a channel status that is no status one may write. */
  readonly badStatus?: true;
}

export interface EmailWriteShape {
  readonly emailType: EmailType | undefined;
  readonly optInType: OptInType | undefined;
  readonly status: EmailWrite | undefined;
  readonly resubscribe: ResubscribeOptions | undefined;
}

/** A write whose shape is right. */
export interface WriteShape {
  /** Values as text; `contactId` included when sent. */
  readonly identifiers: Readonly<Record<string, string>>;
  readonly dataFields: JsonObject;
  readonly email: EmailWriteShape | undefined;
  readonly sms: WhatsAppStatus | undefined;
  readonly whatsApp: WhatsAppStatus | undefined;
  readonly lists: readonly number[];
  readonly preferences: readonly { readonly id: number; readonly isOptedIn: boolean }[];
  /** Unchecked: an import reports bad ones without failing the contact. */
  readonly consentRecords: readonly unknown[];
}

/** Where a write comes from decides which members it may have. */
export type WriteKind = 'create' | 'update' | 'replace' | 'import';

const LOCALES =
  'cs-CS da-DA de-DE el-EL en-EN es-ES es fi-FI fr-FR hu-HU it-IT nl-NL nb-NO pl-PL pt-PT ru-RU se-SE sk-SK tr-TR zh-CN'.split(
    ' ',
  );

const MEMBERS: Readonly<Record<WriteKind, ReadonlySet<string>>> = (() => {
  const common = ['identifiers', 'dataFields', 'channelProperties', 'lists', 'preferences'];
  return {
    create: new Set([...common, 'consentRecords']),
    update: new Set([...common, 'consentRecords', 'matchIdentifier']),
    replace: new Set([...common, 'matchIdentifier']),
    import: new Set([...common, 'consentRecords', 'matchIdentifier']),
  };
})();

/** True for a JSON object that is neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const NO_IDENTIFIERS: Readonly<Record<string, string>> = Object.freeze({});
const NO_FIELDS: JsonObject = Object.freeze({});
const NONE: readonly never[] = Object.freeze([]);

/** Reads writes of one kind; enum words in any case unless the account is strict about it. */
export class WriteReader {
  readonly #kind: WriteKind;
  readonly #strictCase: boolean;
  #problems: ShapeProblem[] = [];

  constructor(kind: WriteKind, strictCase: boolean) {
    this.#kind = kind;
    this.#strictCase = strictCase;
  }

  /** The write, or everything that is wrong with its shape. */
  read(body: JsonObject): WriteShape | readonly ShapeProblem[] {
    this.#problems = [];
    for (const name of Object.keys(body)) {
      if (!MEMBERS[this.#kind].has(name)) this.#fail(name, `The field '${name}' is not known`);
    }
    const channels = this.#optionalObject(body['channelProperties'], 'channelProperties', ['email', 'sms', 'whatsApp']);
    const shape: WriteShape = {
      identifiers: this.#identifiers(body['identifiers']),
      dataFields: this.#dataFields(body['dataFields']),
      email: channels && this.#email(channels['email']),
      sms: channels && this.#mobileChannel(channels['sms'], 'sms'),
      whatsApp: channels && this.#mobileChannel(channels['whatsApp'], 'whatsApp'),
      lists: this.#lists(body['lists']),
      preferences: this.#preferences(body['preferences']),
      consentRecords: this.#consentRecords(body['consentRecords']),
    };
    return this.#problems.length > 0 ? this.#problems : shape;
  }

  #fail(item: string, description: string): undefined {
    this.#problems.push({ item, description });
    return undefined;
  }

  #optionalObject(value: unknown, item: string, members: readonly string[]): JsonObject | undefined {
    if (value === undefined) return undefined;
    if (!isObject(value)) return this.#fail(item, `The field '${item}' must be an object`);
    for (const name of Object.keys(value)) {
      if (!members.includes(name)) this.#fail(`${item}.${name}`, `The field '${name}' is not known`);
    }
    return value;
  }

  #identifiers(value: unknown): Readonly<Record<string, string>> {
    if (value === undefined) return NO_IDENTIFIERS;
    if (!isObject(value)) {
      this.#fail('identifiers', "The field 'identifiers' must be an object");
      return NO_IDENTIFIERS;
    }
    const found: Record<string, string> = {};
    for (const [name, id] of Object.entries(value)) {
      if (typeof id === 'string' && name !== 'contactId') found[name] = id.trim();
      else if (name === 'contactId' && this.#kind === 'import' && typeof id === 'number' && Number.isSafeInteger(id)) {
        found[name] = String(id);
      } else if (name === 'contactId' && this.#kind !== 'import') {
        this.#fail('identifiers.contactId', 'The contactId cannot be changed');
      } else this.#fail(`identifiers.${name}`, `The identifier '${name}' must be a ${idType(name)}`);
    }
    return found;
  }

  #dataFields(value: unknown): JsonObject {
    if (value === undefined) return NO_FIELDS;
    if (isObject(value)) return value;
    this.#fail('dataFields', "The field 'dataFields' must be an object");
    return NO_FIELDS;
  }

  #email(value: unknown): EmailWriteShape | undefined {
    const members = ['emailType', 'optInType', 'status', ...(this.#kind === 'create' ? [] : ['resubscribeOptions'])];
    const email = this.#optionalObject(value, 'channelProperties.email', members);
    if (!email) return undefined;
    return {
      emailType: this.#word(email['emailType'], EMAIL_TYPES, 'channelProperties.email.emailType', true),
      optInType: this.#word(email['optInType'], OPT_IN_TYPES, 'channelProperties.email.optInType', true),
      status: this.#status(email['status'], EMAIL_WRITES, 'channelProperties.email.status'),
      resubscribe: this.#resubscribeOptions(email['resubscribeOptions']),
    };
  }

  #mobileChannel(value: unknown, channel: string): WhatsAppStatus | undefined {
    const properties = this.#optionalObject(value, `channelProperties.${channel}`, ['status']);
    return properties && this.#status(properties['status'], CHANNEL_WRITES, `channelProperties.${channel}.status`);
  }

  #status<T extends string>(value: unknown, words: readonly T[], item: string): T | undefined {
    const before = this.#problems.length;
    const status = this.#word(value, words, item, false);
    const problem = this.#problems[before];
    if (problem) this.#problems[before] = { ...problem, badStatus: true };
    return status;
  }

  /** `camel`: words are kept in PascalCase but written with a small first letter. */
  #word<T extends string>(value: unknown, words: readonly T[], item: string, camel: boolean): T | undefined {
    if (value === undefined) return undefined;
    const written = (word: T): string => (camel ? word.charAt(0).toLowerCase() + word.slice(1) : word);
    const found =
      typeof value === 'string' &&
      words.find((word) => (this.#strictCase ? written(word) === value : word.toLowerCase() === value.toLowerCase()));
    if (found) return found;
    return this.#fail(item, `The value '${String(value)}' is not one of ${words.map(written).join(', ')}`);
  }

  #resubscribeOptions(value: unknown): ResubscribeOptions | undefined {
    const item = 'channelProperties.email.resubscribeOptions';
    const options = this.#optionalObject(value, item, [
      'resubscribeWithNoChallenge',
      'preferredLocale',
      'redirectUrlAfterChallenge',
    ]);
    if (!options) return undefined;
    const direct = options['resubscribeWithNoChallenge'];
    const locale = options['preferredLocale'];
    const url = options['redirectUrlAfterChallenge'];
    if (direct !== undefined && typeof direct !== 'boolean') {
      this.#fail(`${item}.resubscribeWithNoChallenge`, 'The value must be true or false');
    }
    if (locale !== undefined && !(typeof locale === 'string' && LOCALES.includes(locale))) {
      this.#fail(`${item}.preferredLocale`, `The value '${String(locale)}' is not a known locale`);
    }
    if (url !== undefined && !(typeof url === 'string' && URL.canParse(url))) {
      this.#fail(`${item}.redirectUrlAfterChallenge`, 'The value must be an URI');
    }
    return {
      withNoChallenge: typeof direct === 'boolean' ? direct : undefined,
      locale: typeof locale === 'string' ? locale : undefined,
    };
  }

  #lists(value: unknown): readonly number[] {
    if (value === undefined) return NONE;
    const fits = Array.isArray(value) && value.length >= 1 && value.length <= 100;
    const ids: readonly unknown[] = fits ? value : NONE;
    if (fits && ids.every((id) => typeof id === 'number' && Number.isInteger(id) && id > 0 && id <= 0x7fffffff)) {
      return ids as readonly number[];
    }
    this.#fail('lists', 'The field must hold 1 to 100 list ids, each an integer');
    return NONE;
  }

  #preferences(value: unknown): WriteShape['preferences'] {
    if (value === undefined) return NONE;
    const fits =
      Array.isArray(value) &&
      value.length >= 1 &&
      value.every(
        (entry) => isObject(entry) && Number.isInteger(entry['id']) && typeof entry['isOptedIn'] === 'boolean',
      );
    if (fits) return value as WriteShape['preferences'];
    this.#fail('preferences', 'The field must hold at least one preference with id and isOptedIn');
    return NONE;
  }

  #consentRecords(value: unknown): readonly unknown[] {
    if (value === undefined) return NONE;
    if (Array.isArray(value) && value.length >= 1 && value.length <= 5) return value as readonly unknown[];
    this.#fail('consentRecords', 'The field must hold 1 to 5 consent records');
    return NONE;
  }
}

function idType(name: string): string {
  return name === 'contactId' ? 'whole number' : 'string';
}

/** True when {@link WriteReader.read} found problems. */
export function isProblems(result: WriteShape | readonly ShapeProblem[]): result is readonly ShapeProblem[] {
  return Array.isArray(result);
}
