// Yes and no in the words of services. (C28)
import { describe, expect, it } from 'vitest';
import { parseBoolean } from '../../../src/core/normalize/boolean.ts';

describe('parseBoolean', () => {
  it.each(['true', 'True', 'TRUE', ' yes ', 'Yes', '1'])('C28: %j is true', (raw) => {
    expect(parseBoolean(raw)).toBe(true);
  });
  it.each(['false', 'False', 'no', 'NO', '0'])('C28: %j is false', (raw) => {
    expect(parseBoolean(raw)).toBe(false);
  });
  it.each(['', 'maybe', '2', 'y', 'on', 'truee', '10'])('C28: %j is neither', (raw) => {
    expect(parseBoolean(raw)).toBeNull();
  });
});
