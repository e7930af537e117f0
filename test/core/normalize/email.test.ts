// The normal form of addresses and what is refused. (C18, C19)
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBlockedLocalPart } from '../../../src/core/normalize/blocked-local-part.ts';
import { emailKey, isSameAddress } from '../../../src/core/normalize/email.ts';

function keyOf(raw: string): string | null {
  const reading = emailKey(raw);
  return reading.type === 'ok' ? reading.key : null;
}

describe('emailKey', () => {
  it.each([null, '', '   ', '\u00a0\n'])('C18: %j is blank', (raw) => {
    expect(emailKey(raw)).toEqual({ type: 'blank' });
  });

  it.each([
    ['  Jane.Doe@Example.COM ', 'jane.doe@example.com'],
    ['JANE+News@gmail.com', 'jane+news@gmail.com'],
    ['j.a.n.e@gmail.com', 'j.a.n.e@gmail.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['a!#$%&*+/=?^_`{|}~-b@example.org', 'a!#$%&*+/=?^_`{|}~-b@example.org'],
    ['x@a.b.c.example.co.uk', 'x@a.b.c.example.co.uk'],
    ['info@münchen.de', 'info@xn--mnchen-3ya.de'],
    ['info@MÜNCHEN.DE', 'info@xn--mnchen-3ya.de'],
    ['info@mu\u0308nchen.de', 'info@xn--mnchen-3ya.de'],
    ['info@xn--mnchen-3ya.de', 'info@xn--mnchen-3ya.de'],
    ['a@例え。テスト', 'a@xn--r8jz45g.xn--zckzah'],
    ['a@ｅｘａｍｐｌｅ．ｃｏｍ', 'a@example.com'],
    ['a@例｡example。com', 'a@xn--fsq.example.com'],
    ['a@\u{1d400}bc.com', 'a@abc.com'],
    ['Zoe\u0308@example.com', 'zoë@example.com'],
    ['1@2.museum', '1@2.museum'],
    ['a@q\u0308a.com', `a@${domainToASCII('q\u0308a.com')}`],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('4.1: %j becomes %j', (raw, key) => {
    expect(emailKey(raw)).toEqual({ type: 'ok', key });
  });

  it.each([
    ['jane.example.com', 'no @'],
    ['a@b@example.com', 'more than one @'],
    ['bad@@x', 'more than one @'],
    ['@example.com', 'nothing before'],
    ['jane@', 'nothing after'],
    ['jane@localhost', 'without a dot'],
    ['.jane@example.com', 'dot at the start'],
    ['jane.@example.com', 'dot at the start or right before'],
    ['ja..ne@example.com', 'two dots'],
    ['jane@example..com', 'two dots'],
    ['jane@.example.com', 'dot right after'],
    ['jane@example.com.', 'dot right after'],
    ['jane doe@example.com', 'space'],
    ['jane@exa mple.com', 'space'],
    ['"jane doe"@example.com', 'quotation'],
    ['"a@b"@example.com', 'quotation'],
    ['Jane <jane@example.com>', 'space'],
    ['<jane@example.com>', 'not allowed before'],
    ['jane,joe@example.com', 'not allowed before'],
    ['jane;joe@example.com', 'not allowed before'],
    ['jane@exam_ple.com', 'not allowed there'],
    ['jane@-example.com', 'hyphen'],
    ['jane@example-.com', 'hyphen'],
    ['jane@[127.0.0.1]', 'by number'],
    ['jane@127.0.0.1', 'top-level'],
    ['jane@example.c', 'top-level'],
    ['jane@example.com>', 'not allowed there'],
    ['ja\u200bne@example.com', 'invisible'],
    ['ja\u0007ne@example.com', 'invisible'],
    ['jane\ud83d@example.com', 'invisible'],
    ['jane@exam😀ple.com', 'not allowed there'],
    ['jane@\u0308x.com', 'accent alone'],
    ['jane@-ü.com', 'hyphen'],
    ['jane@ü-.com', 'hyphen'],
    [`${'a'.repeat(65)}@example.com`, 'more than 64'],
    [`a@${'b'.repeat(64)}.com`, 'longer than 63'],
    [`a@${'ü'.repeat(60)}.com`, 'longer than 63'],
    [`a@${`${'b'.repeat(60)}.`.repeat(5)}com`, 'longer than 254'],
    [`a@${'ü'.repeat(50_000)}.com`, 'longer than 254'],
  ])('C19: %j is invalid', (raw, why) => {
    expect(emailKey(raw)).toEqual({ type: 'invalid', why: expect.stringContaining(why) as unknown });
  });

  it('C19: 254 characters pass, 255 do not', () => {
    const domain = `${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.com`;
    const local = 'a'.repeat(254 - domain.length - 1);
    expect(keyOf(`${local.slice(0, 64)}@${domain}`)).not.toBeNull();
    const long = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`;
    expect(long).toHaveLength(254);
    expect(keyOf(long)).toBe(long);
    expect(keyOf(long.replace('.com', 'd.com'))).toBeNull();
  });

  it.each([
    ['a', 64],
    ['é', 32],
    ['\u07ff', 32],
    ['\u0800', 21],
    ['\uffe0', 21],
    ['\u{10000}', 16],
  ])('C19: of %j as many fit before the @ as make 64 octets: %i', (char, most) => {
    expect(keyOf(`${char.repeat(most)}@example.com`)).not.toBeNull();
    expect(keyOf(`${char.repeat(most + 1)}@example.com`)).toBeNull();
  });

  it('is total and idempotent for any text', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })).map(([a, b]) => `${a}@${b}.com`),
      fc.emailAddress(),
    );
    fc.assert(
      fc.property(anything, (raw) => {
        const key = keyOf(raw);
        if (key !== null) expect(keyOf(key)).toBe(key);
      }),
      { numRuns: 500 },
    );
  });

  it('takes every ordinary address, in any case', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (address) => {
        expect(keyOf(address.toUpperCase())).toBe(address.toLowerCase());
      }),
    );
  });

  it('4.1: writes domains as the web does', () => {
    const letters = 'äöüéèñçøåßαβγδжщыіњ日本語中文한국어'.split('');
    const label = fc
      .array(fc.constantFrom(...letters, 'a', 'z', '0'), { minLength: 1, maxLength: 12 })
      .map((l) => l.join(''));
    fc.assert(
      fc.property(label, (text) => {
        expect(keyOf(`a@${text}.example.com`)).toBe(`a@${domainToASCII(`${text}.example.com`)}`);
      }),
    );
  });
});

describe('isSameAddress', () => {
  it.each([
    ['Jane@Example.com ', 'jane@example.com', true],
    ['jane@example.com', 'joe@example.com', false],
    ['jane@example.com', 'jane', false],
    ['jane', 'jane@example.com', false],
    ['jane', 'jane', false],
    ['', null, false],
  ])('4.1: %j and %j: %j', (one, other, same) => {
    expect(isSameAddress(one, other)).toBe(same);
  });
});

describe('isBlockedLocalPart', () => {
  it.each([
    'postmaster@example.com',
    'abuse@example.com',
    'no-reply@example.com',
    'noreply+x@example.com',
    'mailer-daemon',
  ])('C19: %s is blocked', (key) => {
    expect(isBlockedLocalPart(key)).toBe(true);
  });

  it.each(['info@example.com', 'sales@example.com', 'abuser@example.com', 'jane@noreply.com', '+abuse@example.com'])(
    'C19: %s is not',
    (key) => {
      expect(isBlockedLocalPart(key)).toBe(false);
    },
  );
});
