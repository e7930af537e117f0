// Which lead list counts (L6, L7, 4.8), what is lost (L10), and how lists are named (L1).
import { describe, expect, it } from 'vitest';
import { countingList, listOfStatus, lostLists } from '../../../src/core/lifecycle/lead-lists.ts';
import type { StatusLists } from '../../../src/core/model/settings.ts';
import { listName } from '../../../src/engine/lead-lists.ts';

const LISTS: StatusLists = {
  enforceSingle: false,
  lists: [
    { listId: '1', status: 'New', known: true },
    { listId: '2', status: 'Working', known: true },
    { listId: '3', status: 'Qualified', known: true },
    { listId: null, status: 'Unmade', known: true },
  ],
};
const at = (listId: string, since: string | null) => ({ listId, since });
const [EARLY, LATE] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];

describe('the list that counts', () => {
  it('L6: is the one joined last, whatever its stage', () => {
    const counting = countingList([at('3', EARLY), at('1', LATE), at('2', null)], LISTS, 'Working');
    expect(counting).toMatchObject({ list: { status: 'New' }, since: LATE, guessed: false });
  });

  it('L6 c: is the later stage of those joined at one time, and that is a guess', () => {
    expect(countingList([at('3', LATE), at('1', LATE), at('2', EARLY)], LISTS, 'New')).toMatchObject({
      list: { status: 'Qualified' },
      guessed: true,
    });
  });

  it('4.8: is the present status among lists of which no order is known, and that is no guess', () => {
    expect(countingList([at('1', null), at('2', null), at('3', null)], LISTS, 'Working')).toMatchObject({
      list: { status: 'Working' },
      guessed: false,
    });
    expect(countingList([at('1', null), at('2', null)], LISTS, 'Elsewhere')).toMatchObject({
      list: { status: 'Working' },
      guessed: true,
    });
  });

  it('L7, L8: is the only one there is, or none', () => {
    expect(countingList([at('1', null)], LISTS, null)).toMatchObject({ list: { status: 'New' }, guessed: false });
    expect(countingList([], LISTS, 'New')).toBeNull();
    expect(countingList([at('99', LATE)], LISTS, 'New')).toBeNull();
  });

  it('L10: a list that stands for no status is lost', () => {
    expect(lostLists([at('1', null), at('99', LATE)], LISTS)).toEqual([at('99', LATE)]);
  });

  it('L12: a status is found by its exact name alone', () => {
    expect(listOfStatus(LISTS, 'Working')?.listId).toBe('2');
    expect(listOfStatus(LISTS, 'working')).toBeNull();
  });
});

describe('the name of a list', () => {
  it('L1: is the prefix and the status, as long as that fits', () => {
    expect(listName('Zendesk Sell - Leads: ', 'New')).toBe('Zendesk Sell - Leads: New');
    expect(listName('', 'x'.repeat(128))).toBe('x'.repeat(128));
  });

  it('L1: is cut to 128 characters, always the same, and apart from every other', () => {
    const names = ['one', 'two', '😀'].map((end) => listName('Zendesk Sell - Leads: ', `${'😀'.repeat(60)}${end}`));
    for (const name of names) expect(name.length).toBeLessThanOrEqual(128);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name.isWellFormed()).toBe(true);
    expect(listName('Zendesk Sell - Leads: ', `${'😀'.repeat(60)}one`)).toBe(names[0]);
  });
});
